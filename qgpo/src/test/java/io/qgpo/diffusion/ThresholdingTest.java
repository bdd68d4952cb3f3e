package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ThresholdingTest {
  private final Backend backend = Backends.choose("scalar", 1).backend();

  /** The quantile .75 of 1, 2, 3, 4, 5 is 4, of 0, .1, .2, .3, .4 it is .3, below the bound. */
  @Test
  void eachRowByItsOwnQuantile() {
    Tensor data =
        Tensor.of(backend, DType.FLOAT64, Shape.of(2, 5), 5, -4, 3, -2, 1, 0.4, -0.3, 0.2, 0.1, 0);
    new Thresholding(0.75, 1).apply(data);
    assertArrayEquals(
        new double[] {1, -1, 0.75, -0.5, 0.25, 0.4, -0.3, 0.2, 0.1, 0},
        data.toDoubleArray(),
        1e-15);
  }

  /** Between 2 and 4 in the middle: 3; a bound other than 1 stays the largest value. */
  @Test
  void quantilesAreLinearBetweenValues() {
    Tensor data = Tensor.of(backend, Shape.of(1, 2), 2f, -4f);
    new Thresholding(0.5, 1.5).apply(data);
    assertArrayEquals(new float[] {1, -1.5f}, data.toFloatArray());
  }

  @Test
  void oneDimension() {
    Tensor data = Tensor.of(backend, DType.FLOAT64, Shape.of(3, 1), 7, -0.5, -2);
    Thresholding.IMAGEN.apply(data);
    assertArrayEquals(new double[] {1, -0.5, -1}, data.toDoubleArray(), 1e-15);
  }

  @Test
  void refusesNoQuantile() {
    assertEquals(
        "Thresholding: expected 0 < quantile <= 1 and a positive, finite bound, found 1.5 and 1.0",
        assertThrows(IllegalArgumentException.class, () -> new Thresholding(1.5, 1)).getMessage());
  }
}
