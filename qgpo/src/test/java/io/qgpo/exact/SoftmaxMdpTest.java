package io.qgpo.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SoftmaxMdpTest {
  private static final int END = SoftmaxMdp.END;

  /** One action for ever: r / (1 - discount). */
  @Test
  void geometricSum() {
    var mdp = new SoftmaxMdp(new int[][] {{0}}, new double[][] {{2}}, new int[][] {{0}}, 0.75, 1);
    assertEquals(8, mdp.solve()[0][0], 1e-12);
  }

  /** Before the end: softmax over 1, 1 and 3, where the action of value 1 stands twice. */
  @Test
  void softmaxOverTheSupport() {
    var mdp =
        new SoftmaxMdp(
            new int[][] {{1}, {END, END, END}},
            new double[][] {{0.5}, {1, 3, 100}},
            new int[][] {{0}, {0, 0, 1}},
            0.5,
            0.7);
    double one = Math.exp(0.7);
    double three = Math.exp(2.1);
    double value = (2 * one + 3 * three) / (2 * one + three);
    double[][] q = mdp.solve();
    assertEquals(0.5 + 0.5 * value, q[0][0], 1e-14);
    // Solved, too, though nobody may hope for it.
    assertEquals(100, q[1][2]);
  }

  /** At temperature 0 the mean, at high ones the maximum over the support. */
  @Test
  void betweenMeanAndMaximum() {
    double mean = firstValue(0);
    double near = firstValue(200);
    assertEquals(2, mean, 1e-11);
    assertEquals(3, near, 1e-11);
    assertTrue(firstValue(1) > mean && firstValue(1) < near);
  }

  private static double firstValue(double betaQ) {
    return new SoftmaxMdp(
            new int[][] {{1}, {END, END}},
            new double[][] {{0}, {1, 3}},
            new int[][] {{0}, {0, 1}},
            0.999999999999,
            betaQ)
        .solve()[0][0];
  }

  @Test
  void refusesADiscountOfOne() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SoftmaxMdp(new int[][] {{0}}, new double[][] {{1}}, new int[][] {{0}}, 1, 1));
  }
}
