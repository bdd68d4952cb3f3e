package io.qgpo.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class ActionBoundsTest {

  private static ActionBounds learn(int width, float... actions) {
    int n = actions.length / width;
    return ActionBounds.learn(
        Transitions.of(
            "set",
            1,
            width,
            new float[1],
            actions,
            new float[n],
            new boolean[n],
            new int[n],
            new int[n]));
  }

  @Test
  void actionsWithinOneKeepTheUnitBox() {
    ActionBounds b = learn(2, -.3f, .9f, .5f, -1f);
    assertEquals(ActionBounds.unit(2), b);
    assertTrue(b.isUnit());
    float[] a = {.123456f, -.7f};
    b.toUnit(a, 0, 1, 2);
    b.fromUnit(a, 0, 1, 2);
    assertArrayEquals(new float[] {.123456f, -.7f}, a);
  }

  @Test
  void eachColumnIsLearntByItself() {
    // Within [-1, 1]; beyond it; within, but using less than a tenth.
    ActionBounds b = learn(3, -.5f, -2f, .01f, .5f, 4f, .03f);
    assertArrayEquals(new float[] {-1, -2, .01f}, b.low());
    assertArrayEquals(new float[] {1, 4, .03f}, b.high());
    assertFalse(b.isUnit());
    float[] a = {9, .5f, 1f, .02f, 9};
    b.toUnit(a, 1, 1, 3);
    assertArrayEquals(new float[] {9, .5f, 0, 0, 9}, a, 1e-6f);
  }

  @Test
  void aConstantColumnGetsARange() {
    assertEquals(ActionBounds.unit(1), learn(1, 0f, 0f));
    ActionBounds beyond = learn(1, 5f, 5f);
    assertArrayEquals(new float[] {4}, beyond.low());
    assertArrayEquals(new float[] {6}, beyond.high());
    ActionBounds huge = learn(1, 1e30f, 1e30f);
    assertTrue(huge.low()[0] < 1e30f && huge.high()[0] > 1e30f);
  }

  @Property
  void theMapsAreInverse(
      @ForAll @FloatRange(min = -100, max = 100) float low,
      @ForAll @FloatRange(min = .01f, max = 100) float range,
      @ForAll @FloatRange(min = -1, max = 1) float unit) {
    ActionBounds b = ActionBounds.of(new float[] {low}, new float[] {low + range});
    float[] a = {unit};
    b.fromUnit(a, 0, 1, 1);
    float eps = 1e-6f * (Math.abs(low) + range);
    assertTrue(a[0] >= low - eps && a[0] <= low + range + eps);
    b.toUnit(a, 0, 1, 1);
    // One rounding of a number of size |low| + range, seen at scale range / 2.
    assertEquals(unit, a[0], 4 * eps / range);
  }

  @Test
  void clipsToTheBoxWithAStride() {
    ActionBounds b = ActionBounds.of(new float[] {-1}, new float[] {2});
    float[] a = {-5, -5, 7, 7, .5f, 9};
    b.clip(a, 0, 3, 2);
    assertArrayEquals(new float[] {-1, -5, 2, 7, .5f, 9}, a);
  }

  @Test
  void refusesBadBounds() {
    assertThrows(IllegalArgumentException.class, () -> ActionBounds.of(new float[1], new float[2]));
    assertThrows(IllegalArgumentException.class, () -> ActionBounds.of(new float[0], new float[0]));
    for (float[] bad :
        new float[][] {
          {1, 1}, {2, 1}, {Float.NaN, 1}, {0, Float.POSITIVE_INFINITY}, {0, Float.MIN_VALUE}
        }) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> ActionBounds.of(new float[] {bad[0]}, new float[] {bad[1]}));
      assertTrue(e.getMessage().startsWith("action bounds, column 0: expected finite low < high"));
    }
  }

  @Test
  void equalBoundsAreEqual() {
    ActionBounds a = ActionBounds.of(new float[] {-1}, new float[] {2});
    ActionBounds b = ActionBounds.of(a.low(), a.high());
    assertEquals(a, b);
    assertEquals(a.hashCode(), b.hashCode());
    assertNotEquals(a, ActionBounds.unit(1));
    assertEquals("ActionBounds[low=[-1.0], high=[2.0]]", a.toString());
  }
}
