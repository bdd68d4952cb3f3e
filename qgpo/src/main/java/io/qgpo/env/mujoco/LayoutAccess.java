package io.qgpo.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The state at its place in {@code mjData}, for a version without functions for it.
 *
 * @param time offset of the time, a double, in bytes
 * @param qpos offset of the pointer to the positions
 * @param qvel offset of the pointer to the velocities
 * @param ctrl offset of the pointer to the controls
 */
@SuppressWarnings("restricted") // calls of native code
record LayoutAccess(long time, long qpos, long qvel, long ctrl) implements StateAccess {
  /** MuJoCo 2.2.2, the version that Debian and Ubuntu ship. */
  static final LayoutAccess V2_2_2 = new LayoutAccess(40336, 40376, 40384, 40408);

  /** A model begins with the ints nq, nv and nu. */
  private static final int MODEL_HEAD_BYTES = 12;

  @Override
  public State of(MemorySegment model, MemorySegment data, Arena arena) {
    MemorySegment head = model.reinterpret(MODEL_HEAD_BYTES);
    MemorySegment body = data.reinterpret(Math.max(time, Math.max(qpos, Math.max(qvel, ctrl))) + 8);
    return new InMemory(
        body.asSlice(time, JAVA_DOUBLE).reinterpret(arena, null),
        array(body.get(ADDRESS, qpos), head.get(JAVA_INT, 0), arena),
        array(body.get(ADDRESS, qvel), head.get(JAVA_INT, 4), arena),
        array(body.get(ADDRESS, ctrl), head.get(JAVA_INT, 8), arena));
  }

  /** The pointers stay the same for as long as a simulation lives. */
  private static MemorySegment array(MemorySegment pointer, int count, Arena arena) {
    return pointer.reinterpret(Double.BYTES * (long) count, arena, null);
  }

  private record InMemory(
      MemorySegment clock, MemorySegment qpos, MemorySegment qvel, MemorySegment ctrl)
      implements State {
    @Override
    public int positionCount() {
      return count(qpos);
    }

    @Override
    public int velocityCount() {
      return count(qvel);
    }

    @Override
    public int controlCount() {
      return count(ctrl);
    }

    private static int count(MemorySegment array) {
      return (int) (array.byteSize() / Double.BYTES);
    }

    @Override
    public double time() {
      return clock.get(JAVA_DOUBLE, 0);
    }

    @Override
    public void setTime(double time) {
      clock.set(JAVA_DOUBLE, 0, time);
    }

    @Override
    public void getPositions(double[] into) {
      get(qpos, into);
    }

    @Override
    public void getVelocities(double[] into) {
      get(qvel, into);
    }

    @Override
    public void getControls(double[] into) {
      get(ctrl, into);
    }

    private static void get(MemorySegment array, double[] into) {
      MemorySegment.copy(array, JAVA_DOUBLE, 0, into, 0, count(array));
    }

    @Override
    public void setPositions(double[] from) {
      set(qpos, from);
    }

    @Override
    public void setVelocities(double[] from) {
      set(qvel, from);
    }

    @Override
    public void setControls(double[] from) {
      set(ctrl, from);
    }

    private static void set(MemorySegment array, double[] from) {
      MemorySegment.copy(from, 0, array, JAVA_DOUBLE, 0, count(array));
    }
  }
}
