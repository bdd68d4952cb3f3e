package io.qgpo.autograd.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.autograd.nn.Linear;
import io.qgpo.autograd.nn.Module;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;

class OptimTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  // ---- Clipping ------------------------------------------------------------------------------

  private static double factor(double limit, float... gradient) {
    Tensor out = Tensor.full(SCALAR, DType.FLOAT32, Shape.of(1), 99);
    Tensor[] gradients = {
      Tensor.of(SCALAR, Shape.of(1), gradient[0]), Tensor.of(SCALAR, Shape.of(1, 1), gradient[1])
    };
    new ClipNorm(SCALAR, limit).factor(gradients, out);
    return out.item();
  }

  @Test
  void clippingScalesTheGlobalNormDownOnly() {
    assertEquals(0.4, factor(2, 3, 4), 1e-6);
    assertEquals(1, factor(5.01, 3, 4));
    assertEquals(1, factor(2, 0, 0));
    // As much above the norm as 1e-6 is.
    assertEquals(0.5, factor(1e-6, 1e-6f, 0), 1e-6);
    assertEquals(2e-15, factor(2, 1e15f, 0), 1e-21);
    // Squares beyond float32: the update is dropped.
    assertEquals(0, factor(2, 1e30f, 0));
    assertEquals(Double.NaN, factor(2, Float.NaN, 1));
  }

  @Test
  void clippingRefusesALimitOfZero() {
    assertRefused("ClipNorm: expected a norm above 0, found 0.0", () -> new ClipNorm(SCALAR, 0));
    assertRefused(
        "ClipNorm: expected a norm above 0, found NaN", () -> new ClipNorm(SCALAR, Double.NaN));
  }

  // ---- Schedules -----------------------------------------------------------------------------

  @Test
  void schedules() {
    assertEquals(0.1, Schedule.constant(0.1).rate(12345));
    Schedule cosine = Schedule.cosine(1, 0.2, 100);
    assertEquals(1, cosine.rate(0));
    assertEquals(0.2 + 0.8 * 0.5 * (1 + Math.sqrt(0.5)), cosine.rate(25), 1e-12);
    assertEquals(0.6, cosine.rate(50), 1e-12);
    assertEquals(0.2 + 0.8 * 0.5 * (1 - Math.sqrt(0.5)), cosine.rate(75), 1e-12);
    assertEquals(0.2, cosine.rate(100), 1e-12);
    assertEquals(0.2, cosine.rate(1_000_000), 1e-12);
    assertRefused(
        "constant schedule: rate must be 0 or more, found -0.1", () -> Schedule.constant(-0.1));
    assertRefused(
        "cosine schedule: expected 0 <= floor <= rate, found floor 2.0, rate 1.0",
        () -> Schedule.cosine(1, 2, 10));
    assertRefused(
        "cosine schedule: steps must be 1 or more, found 0", () -> Schedule.cosine(1, 0, 0));
  }

  // ---- Averages ------------------------------------------------------------------------------

  private static Linear layer(String stream) {
    return new Linear(new Rng(SCALAR, 3, stream), DType.FLOAT64, 2, 3);
  }

  @Test
  void theAverageStartsEqualAndFollowsGeometrically() {
    Linear source = layer("source");
    Linear target = layer("target");
    Tensor weight = target.state().get("weight");
    Polyak polyak = new Polyak(target, source, 0.25);
    double[] start = source.state().get("weight").toDoubleArray();
    assertArrayEquals(start, weight.toDoubleArray());
    for (Tensor tensor : source.state().values()) {
      SCALAR.fill(tensor, 5);
    }
    for (int i = 0; i < 7; i++) {
      polyak.update();
    }
    // What is left of the distance after n moves is (1 - rate)^n of it.
    double left = Math.pow(0.75, 7);
    for (int i = 0; i < start.length; i++) {
      assertEquals(5 + left * (start[i] - 5), weight.toDoubleArray()[i], 1e-12);
    }
    assertArrayEquals(
        new double[] {5, 5, 5, 5, 5, 5}, source.state().get("weight").toDoubleArray());
  }

  @Test
  void averagesRefuse() {
    for (double rate : new double[] {0, 1.5, Double.NaN}) {
      assertRefused(
          "Polyak: rate must be in (0, 1], found " + rate,
          () -> new Polyak(layer("target"), layer("source"), rate));
    }
    assertRefused(
        "Polyak: the target has no parameters",
        () -> new Polyak(new Module() {}, new Module() {}, 1));
  }
}
