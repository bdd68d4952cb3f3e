package io.qgpo.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class StateScalingTest {
  private static Transitions of(int width, float... states) {
    int n = states.length / width;
    return Transitions.of(
        "set",
        width,
        1,
        states,
        new float[n - 1],
        new float[n - 1],
        new boolean[n - 1],
        count(0, n - 1),
        count(1, n - 1));
  }

  private static int[] count(int from, int n) {
    int[] rows = new int[n];
    for (int i = 0; i < n; i++) {
      rows[i] = from + i;
    }
    return rows;
  }

  @Test
  void columnsLoseTheirMeanAndAreDividedByTheirDeviation() {
    StateTransform t = StateScaling.STANDARD.of(of(2, 1, 10, 3, 30, 5, 80));
    assertArrayEquals(new float[] {3, 40}, t.center());
    // sd of 1, 3, 5 and of 10, 30, 80, and the thousandth.
    assertArrayEquals(
        new float[] {(float) Math.sqrt(8 / 3.0) + 1e-3f, (float) Math.sqrt(2600 / 3.0) + 1e-3f},
        t.scale(),
        1e-5f);
    float[] states = {3, 40, 5, 10, 7};
    t.apply(states, 2);
    float second = -30 / t.scale()[1];
    assertArrayEquals(new float[] {0, 0, 2 / t.scale()[0], second, 7}, states, 1e-6f);
  }

  @Test
  void aConstantColumnKeepsItsUnit() {
    StateTransform t = StateScaling.STANDARD.of(of(1, .1f, .1f, .1f));
    assertArrayEquals(new float[] {1}, t.scale());
    float[] state = {2.1f};
    t.apply(state, 1);
    assertEquals(2, state[0], 1e-6f);
  }

  @Property
  void withoutScalingStatesKeepTheirBits(@ForAll float a, @ForAll float b) {
    float[] states = {a, b};
    StateScaling.NONE.of(of(2, 1, 10, 3, 30)).apply(states, 1);
    assertArrayEquals(new float[] {a, b}, states);
  }

  /** Of any data: mean 0 and a deviation of at most 1, and near it where it was not tiny. */
  @Property
  void scaledColumnsAreStandard(
      @ForAll @FloatRange(min = -1000, max = 1000) float offset,
      @ForAll @FloatRange(min = 1, max = 1000) float size) {
    float[] states = new float[100];
    for (int i = 0; i < 100; i++) {
      states[i] = offset + size * (float) Math.sin(i);
    }
    StateScaling.STANDARD.of(of(1, states)).apply(states, 100);
    double sum = 0;
    double squares = 0;
    for (float s : states) {
      sum += s;
      squares += s * s;
    }
    assertEquals(0, sum / 100, 1e-3);
    assertTrue(squares / 100 <= 1.001 && squares / 100 > .99, "variance " + squares / 100);
  }

  @Test
  void faultsAreNamed() {
    refused("two arrays of one length, found lengths 1 and 2", new float[1], new float[2]);
    refused("column 1: expected a finite center", new float[2], new float[] {1, 0});
    refused("column 0", new float[] {Float.NaN}, new float[] {1});
    refused("column 0", new float[1], new float[] {Float.POSITIVE_INFINITY});
  }

  private static void refused(String message, float[] center, float[] scale) {
    var e = assertThrows(IllegalArgumentException.class, () -> StateTransform.of(center, scale));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
