package io.qgpo.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state functions of MuJoCo 2.3.6 and later, played by Java. */
class FunctionAccessTest {
  /**
   * The parts of the state as MuJoCo has them: time, qpos, qvel, then others, in the order of their
   * bits.
   */
  private static final class Fake {
    private final double[][] parts = new double[14][];

    /** The keyframe of the self-check, its controls at this bit. */
    Fake(int controlBit) {
      Arrays.setAll(parts, bit -> new double[bit == 4 || bit == 7 ? 4 : 0]);
      parts[0] = new double[] {1.25};
      parts[1] = new double[] {0.125, 0.5, -0.5, 0.5, -0.5};
      parts[2] = new double[] {-0.375, 0.625, -0.875, 1.125};
      if (controlBit >= 0) {
        parts[controlBit] = new double[] {0.1875, -0.3125, 0.4375};
      }
    }

    private double[] part(int bits) {
      assertEquals(1, Integer.bitCount(bits), "one part at a time");
      return parts[Integer.numberOfTrailingZeros(bits)];
    }

    int size(MemorySegment model, int bits) {
      return part(bits).length;
    }

    void get(MemorySegment model, MemorySegment data, MemorySegment into, int bits) {
      double[] part = part(bits);
      MemorySegment.copy(part, 0, into, JAVA_DOUBLE, 0, part.length);
    }

    void set(MemorySegment model, MemorySegment data, MemorySegment from, int bits) {
      double[] part = part(bits);
      MemorySegment.copy(from, JAVA_DOUBLE, 0, part, 0, part.length);
    }

    /** As the self-check's model moves: the slide by its velocity. */
    void step() {
      parts[0][0] += 0.0625;
      parts[1][0] += 0.0625 * parts[2][0];
    }

    private MethodHandle handle(String name, Class<?> result, Class<?>... arguments) {
      try {
        return MethodHandles.lookup().bind(this, name, MethodType.methodType(result, arguments));
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }

    FunctionAccess access() {
      Class<?> pointer = MemorySegment.class;
      return FunctionAccess.find(
          handle("size", int.class, pointer, int.class),
          handle("get", void.class, pointer, pointer, pointer, int.class),
          handle("set", void.class, pointer, pointer, pointer, int.class),
          MemorySegment.NULL,
          MemorySegment.NULL);
    }
  }

  /** Bit 5 up to MuJoCo 3.4, 6 from 3.5 on; a further part before it makes it 7. */
  @ParameterizedTest
  @ValueSource(ints = {5, 6, 8})
  void findsTheControlsAndPassesTheSelfCheck(int bit) {
    var fake = new Fake(bit);
    FunctionAccess access = fake.access();
    assertEquals(1 << bit, access.ctrl());
    try (Arena arena = Arena.ofConfined()) {
      State state = access.of(MemorySegment.NULL, MemorySegment.NULL, arena);
      SelfCheck.run(state, fake::step);
      state.setTime(9);
      assertEquals(9, fake.parts[0][0]);
    }
  }

  @Test
  void aPartOfTheSameLengthWithOtherValuesIsPassedOver() {
    var fake = new Fake(6);
    fake.parts[5] = new double[] {0, 0, 0};
    assertEquals(1 << 6, fake.access().ctrl());
  }

  @Test
  void noControlsAnywhereIsAnError() {
    var e = assertThrows(MujocoException.class, () -> new Fake(-1).access());
    assertEquals(
        "MuJoCo's state functions: expected bits 4 to 11 to include the controls, found none",
        e.getMessage());
  }

  @Test
  void theSelfCheckNamesWhatIsWrong() {
    var wrongTime = new Fake(5);
    wrongTime.parts[0][0] = 1.5;
    assertSelfCheckFails(wrongTime, wrongTime::step, "(time: expected 1.25, found 1.5)");
    var wrongPosition = new Fake(5);
    wrongPosition.parts[1][4] = 0;
    assertSelfCheckFails(wrongPosition, wrongPosition::step, "(positions: expected [0.125, ");
    var wrongLength = new Fake(5);
    wrongLength.parts[2] = new double[5];
    assertSelfCheckFails(
        wrongLength,
        wrongLength::step,
        "(number of positions, velocities and controls: expected [5, 4, 3], found [5, 5, 3])");
    assertSelfCheckFails(new Fake(5), () -> {}, "(time after a step: expected 2.5625, found 2.5)");
    var stuck = new Fake(5);
    assertSelfCheckFails(
        stuck, () -> stuck.parts[0][0] += 0.0625, "(slide after a step: expected about 8.25, ");
  }

  private static void assertSelfCheckFails(Fake fake, Runnable step, String part) {
    FunctionAccess access = fake.access();
    try (Arena arena = Arena.ofConfined()) {
      State state = access.of(MemorySegment.NULL, MemorySegment.NULL, arena);
      var e = assertThrows(MujocoException.class, () -> SelfCheck.run(state, step));
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }
}
