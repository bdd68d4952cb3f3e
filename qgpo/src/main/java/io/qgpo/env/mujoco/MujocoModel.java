package io.qgpo.env.mujoco;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A model: bodies, joints, motors. Any number of simulations may run on it at once, on several
 * threads. Its memory is MuJoCo's, and is freed by {@link #close}.
 */
@SuppressWarnings("restricted") // calls of native code
public final class MujocoModel implements AutoCloseable {
  private final MujocoLibrary library;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment address;

  MujocoModel(MujocoLibrary library, MemorySegment model) {
    this.library = library;
    address = model.reinterpret(arena, library.functions()::deleteModel);
  }

  /** A simulation of this model, in its initial state; to be closed before the model is. */
  public MujocoSimulation simulation() {
    return new MujocoSimulation(library, address);
  }

  MemorySegment address() {
    return address;
  }

  /** Frees the model. Using it, or a simulation of it, throws from then on. */
  @Override
  public void close() {
    arena.close();
  }
}
