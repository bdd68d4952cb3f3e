package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void sharesOfEquallyWideBins() {
    Histogram histogram = Histogram.of(new float[] {-1, 0, 0.9f, 1, 3}, 4);
    assertEquals(-1, histogram.low());
    assertEquals(3, histogram.high());
    assertArrayEquals(new double[] {.2, .4, .2, .2}, histogram.shares(), 1e-12);
  }

  @Test
  void equalValuesAreInTheFirstBin() {
    assertArrayEquals(new double[] {1, 0}, Histogram.of(new float[] {5, 5}, 2).shares(), 1e-12);
  }
}
