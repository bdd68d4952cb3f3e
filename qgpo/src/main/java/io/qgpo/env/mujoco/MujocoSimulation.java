package io.qgpo.env.mujoco;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A model in motion. One thread at a time may use it; different ones on different threads do not
 * disturb each other. Its memory is MuJoCo's, and is freed by {@link #close}; every method throws
 * {@link IllegalStateException} from then on.
 */
@SuppressWarnings("restricted") // calls of native code
public final class MujocoSimulation implements AutoCloseable {
  /**
   * The clock after a reset. MuJoCo answers a bad state by setting state and clock to zero, which
   * the clock can only show if it was elsewhere. Time has no part in our models' motion.
   */
  private static final double START = 1;

  private final NativeFunctions functions;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment model;
  private final MemorySegment data;
  private final State state;

  MujocoSimulation(MujocoLibrary library, MemorySegment model) {
    functions = library.functions();
    this.model = model;
    data = functions.makeData(model).reinterpret(arena, functions::deleteData);
    state = library.access().of(model, data, arena);
    state.setTime(START);
  }

  /** Number of positions, qpos. */
  public int positionCount() {
    return state.positionCount();
  }

  /** Number of velocities, qvel. */
  public int velocityCount() {
    return state.velocityCount();
  }

  /** Number of controls, ctrl. */
  public int controlCount() {
    return state.controlCount();
  }

  /**
   * Forgets everything and starts from this state: all derived quantities are those of it alone.
   *
   * @param positions [positionCount]
   * @param velocities [velocityCount]
   * @throws IllegalArgumentException for a wrong length, NaN or Inf
   */
  public void reset(double[] positions, double[] velocities) {
    require("positions", positions, positionCount());
    require("velocities", velocities, velocityCount());
    functions.resetData(model, data);
    state.setTime(START);
    state.setPositions(positions);
    state.setVelocities(velocities);
    functions.forward(model, data);
  }

  /**
   * Takes steps with the same controls. Each motor limits its control as its model says.
   *
   * @param controls [controlCount]
   * @param steps at least 1
   * @return null, or MuJoCo's words if the motion became unstable: then the state is meaningless
   * @throws IllegalArgumentException for a wrong length, NaN or Inf
   */
  public String step(double[] controls, int steps) {
    require("controls", controls, controlCount());
    Handlers.takeWarning();
    state.setControls(controls);
    for (int i = 0; i < steps; i++) {
      double before = state.time();
      functions.step(model, data);
      if (!(state.time() > before)) {
        String warning = Handlers.takeWarning();
        return warning == null ? "the simulation is unstable" : warning;
      }
    }
    return null;
  }

  /** Copies the positions, qpos. */
  public void positions(double[] into) {
    state.getPositions(into);
  }

  /** Copies the velocities, qvel. */
  public void velocities(double[] into) {
    state.getVelocities(into);
  }

  MemorySegment address() {
    return data;
  }

  private static void require(String what, double[] values, int count) {
    if (values.length != count) {
      throw new IllegalArgumentException(
          "simulation: expected %d %s, found %d".formatted(count, what, values.length));
    }
    for (int i = 0; i < count; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "simulation: expected finite %s, found %s at %d".formatted(what, values[i], i));
      }
    }
  }

  /** Frees the simulation. */
  @Override
  public void close() {
    arena.close();
  }
}
