package io.qgpo.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PhiloxTest {
  private static int[] block(int k0, int k1, int c0, int c1, int c2, int c3) {
    int[] out = new int[6];
    Philox.block(k0, k1, c0, c1, c2, c3, out, 1);
    assertEquals(0, out[0]);
    assertEquals(0, out[5]);
    return new int[] {out[1], out[2], out[3], out[4]};
  }

  /** The known answers for philox4x32-10 that its authors publish with Random123 (kat_vectors). */
  @Test
  void givesThePublishedAnswers() {
    assertArrayEquals(
        new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block(0, 0, 0, 0, 0, 0));
    assertArrayEquals(
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, block(-1, -1, -1, -1, -1, -1));
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        block(0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));
  }

  @Test
  void keysDifferByNameAndSeed() {
    assertEquals(Philox.key(1, "noise"), Philox.key(1, "noise"));
    assertNotEquals(Philox.key(1, "noise"), Philox.key(2, "noise"));
    assertNotEquals(Philox.key(1, "noise"), Philox.key(1, "batch"));
    assertNotEquals(Philox.key(0, ""), Philox.key(0, "\0"));
  }

  @Test
  void wordsBecomeNumbersInRange() {
    assertEquals(0f, Philox.unit(0));
    assertEquals(1 - 0x1p-24f, Philox.unit(-1));
    assertEquals(0.5f, Philox.unit(Integer.MIN_VALUE));
    assertEquals(0, Philox.index(0, 7));
    assertEquals(6, Philox.index(-1, 7));
    assertEquals(3, Philox.index(Integer.MIN_VALUE, 7));
    assertEquals(Integer.MAX_VALUE - 1, Philox.index(-1, Integer.MAX_VALUE));
  }

  @Test
  void uniformStaysBelowItsEnd() {
    assertEquals(1f, Philox.uniform(0, 1, 2));
    // 2 - 2^-24 lies halfway between two floats, and would be rounded to 2.
    assertEquals(Math.nextDown(2f), Philox.uniform(-1, 1, 2));
    assertEquals(-0.5f, Philox.uniform(Integer.MIN_VALUE, -3, 2));
    assertEquals(4f, Philox.uniform(-1, 4, 4), "an empty range is its start");
  }

  @Test
  void radiusAndAngleAreFinite() {
    assertTrue(Philox.radius(0) > 6.7 && Philox.radius(0) < 6.8);
    assertEquals(Math.sqrt(-2 * StrictMath.log1p(-0x1p-33)), Philox.radius(-1), 1e-12);
    assertEquals(0, Philox.angle(0));
    assertEquals(Math.PI, Philox.angle(Integer.MIN_VALUE), 1e-15);
    assertTrue(Philox.angle(-1) < 2 * Math.PI);
  }
}
