package io.qgpo.env.mujoco;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** How a version of MuJoCo lets its state be read and written. */
sealed interface StateAccess permits LayoutAccess, FunctionAccess {
  /**
   * The state of a simulation.
   *
   * @param arena its lifetime
   */
  State of(MemorySegment model, MemorySegment data, Arena arena);
}
