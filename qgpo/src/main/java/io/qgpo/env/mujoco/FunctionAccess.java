package io.qgpo.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * The state through {@code mj_stateSize}, {@code mj_getState} and {@code mj_setState}, which take a
 * bit for each part of it.
 *
 * @param stateSize (model, bits) to a number of doubles
 * @param getState (model, data, doubles, bits)
 * @param setState (model, data, doubles, bits)
 * @param ctrl the bit of the controls: 32 up to 3.4, 64 from 3.5 on
 */
record FunctionAccess(
    MethodHandle stateSize, MethodHandle getState, MethodHandle setState, int ctrl)
    implements StateAccess {
  private static final int TIME = 1;
  private static final int QPOS = 1 << 1;
  private static final int QVEL = 1 << 2;

  /** The controls come after the activations, bit 3; all versions have at least twelve bits. */
  private static final int FIRST_CTRL_BIT = 4;

  private static final int LAST_CTRL_BIT = 11;

  /**
   * Binds the functions and finds the bit of the controls.
   *
   * @param model the keyframe model of {@link SelfCheck}
   * @param data in its keyframe
   * @throws java.util.NoSuchElementException if the library lacks a function
   * @throws MujocoException if no bit has the keyframe's controls
   */
  static FunctionAccess find(SymbolLookup library, MemorySegment model, MemorySegment data) {
    return find(
        NativeFunctions.function(library, "mj_stateSize", JAVA_INT, ADDRESS, JAVA_INT),
        NativeFunctions.procedure(library, "mj_getState", ADDRESS, ADDRESS, ADDRESS, JAVA_INT),
        NativeFunctions.procedure(library, "mj_setState", ADDRESS, ADDRESS, ADDRESS, JAVA_INT),
        model,
        data);
  }

  static FunctionAccess find(
      MethodHandle stateSize,
      MethodHandle getState,
      MethodHandle setState,
      MemorySegment model,
      MemorySegment data) {
    for (int bit = FIRST_CTRL_BIT; bit <= LAST_CTRL_BIT; bit++) {
      var access = new FunctionAccess(stateSize, getState, setState, 1 << bit);
      if (access.size(model, access.ctrl) != SelfCheck.CTRL.length) {
        continue; // unlike the other parts' lengths, so these are not read at all
      }
      double[] controls = new double[SelfCheck.CTRL.length];
      try (Arena arena = Arena.ofConfined()) {
        access.of(model, data, arena).getControls(controls);
      }
      if (Arrays.equals(controls, SelfCheck.CTRL)) {
        return access;
      }
    }
    throw new MujocoException(
        "MuJoCo's state functions: expected bits %d to %d to include the controls, found none"
            .formatted(FIRST_CTRL_BIT, LAST_CTRL_BIT));
  }

  @Override
  public State of(MemorySegment model, MemorySegment data, Arena arena) {
    return new ByCopy(
        model,
        data,
        arena.allocate(
            JAVA_DOUBLE, Math.max(1, size(model, QPOS) + size(model, QVEL) + size(model, ctrl))));
  }

  private int size(MemorySegment model, int bits) {
    try {
      return (int) stateSize.invokeExact(model, bits);
    } catch (Throwable e) {
      throw NativeFunctions.rethrown(e);
    }
  }

  private final class ByCopy implements State {
    private final MemorySegment model;
    private final MemorySegment data;
    private final MemorySegment buffer;
    private final int positions;
    private final int velocities;
    private final int controls;

    ByCopy(MemorySegment model, MemorySegment data, MemorySegment buffer) {
      this.model = model;
      this.data = data;
      this.buffer = buffer;
      positions = size(model, QPOS);
      velocities = size(model, QVEL);
      controls = size(model, ctrl);
    }

    @Override
    public int positionCount() {
      return positions;
    }

    @Override
    public int velocityCount() {
      return velocities;
    }

    @Override
    public int controlCount() {
      return controls;
    }

    @Override
    public double time() {
      double[] time = new double[1];
      get(TIME, time, 1);
      return time[0];
    }

    @Override
    public void setTime(double time) {
      set(TIME, new double[] {time}, 1);
    }

    @Override
    public void getPositions(double[] into) {
      get(QPOS, into, positions);
    }

    @Override
    public void getVelocities(double[] into) {
      get(QVEL, into, velocities);
    }

    @Override
    public void getControls(double[] into) {
      get(ctrl, into, controls);
    }

    @Override
    public void setPositions(double[] from) {
      set(QPOS, from, positions);
    }

    @Override
    public void setVelocities(double[] from) {
      set(QVEL, from, velocities);
    }

    @Override
    public void setControls(double[] from) {
      set(ctrl, from, controls);
    }

    private void get(int bits, double[] into, int count) {
      try {
        getState.invokeExact(model, data, buffer, bits);
      } catch (Throwable e) {
        throw NativeFunctions.rethrown(e);
      }
      MemorySegment.copy(buffer, JAVA_DOUBLE, 0, into, 0, count);
    }

    private void set(int bits, double[] from, int count) {
      MemorySegment.copy(from, 0, buffer, JAVA_DOUBLE, 0, count);
      try {
        setState.invokeExact(model, data, buffer, bits);
      } catch (Throwable e) {
        throw NativeFunctions.rethrown(e);
      }
    }
  }
}
