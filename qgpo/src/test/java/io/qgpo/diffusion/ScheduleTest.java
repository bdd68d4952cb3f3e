package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

/** What every schedule is held to, and the formulas of the cosine and the discrete one. */
class ScheduleTest {
  private static final DiscreteSchedule DDPM = DiscreteSchedule.ofBetas(ddpmBetas());

  /** Ho et al. 2020: 1000 variances evenly from 1e-4 to .02. */
  private static double[] ddpmBetas() {
    double[] betas = new double[1000];
    Arrays.setAll(betas, n -> 1e-4 + (0.02 - 1e-4) * n / 999);
    return betas;
  }

  @Provide
  Arbitrary<NoiseSchedule> schedules() {
    return Arbitraries.of(LinearSchedule.PAPER, CosineSchedule.STANDARD, DDPM);
  }

  @Property(tries = 300)
  void inverseLambdaInverts(
      @ForAll("schedules") NoiseSchedule schedule,
      @ForAll @DoubleRange(min = 1e-4, max = 1) @Scale(6) double share) {
    double t = share * schedule.maxTime();
    assertEquals(t, schedule.inverseLambda(schedule.lambda(t)), 1e-9 * t + 1e-12);
  }

  @Property(tries = 300)
  void variancePreservingAndFalling(
      @ForAll("schedules") NoiseSchedule schedule,
      @ForAll @DoubleRange(min = 1e-4, max = 0.999) @Scale(6) double share) {
    double t = share * schedule.maxTime();
    double alpha = schedule.alpha(t);
    double sigma = schedule.sigma(t);
    assertEquals(1, alpha * alpha + sigma * sigma, 1e-13);
    assertEquals(Math.log(alpha / sigma), schedule.lambda(t), 1e-9);
    assertEquals(schedule.logAlpha(t), NoiseSchedule.logAlphaAtLambda(schedule.lambda(t)), 1e-9);
    assertTrue(schedule.lambda(t + 1e-4) < schedule.lambda(t));
  }

  @Test
  void cosine() {
    double s = 0.008;
    double expected =
        Math.cos((0.5 + s) / (1 + s) * Math.PI / 2) / Math.cos(s / (1 + s) * Math.PI / 2);
    assertEquals(expected, CosineSchedule.STANDARD.alpha(0.5), 1e-15);
    assertEquals(1, CosineSchedule.STANDARD.alpha(0), 0);
    assertEquals(0, CosineSchedule.STANDARD.sigma(0), 0);
    assertEquals(
        "CosineSchedule: expected a positive offset, found 0.0",
        assertThrows(IllegalArgumentException.class, () -> new CosineSchedule(0)).getMessage());
  }

  @Test
  void discreteIsExactAtItsSteps() {
    double product = 1;
    double[] betas = ddpmBetas();
    double[] products = new double[1000];
    for (int n = 0; n < 1000; n++) {
      product *= 1 - betas[n];
      products[n] = product;
      assertEquals(Math.sqrt(product), DDPM.alpha((n + 1) / 1000.0), 1e-13);
      assertEquals(n, DDPM.label((n + 1) / 1000.0), 1e-10);
    }
    DiscreteSchedule same = DiscreteSchedule.ofAlphaProducts(products);
    assertEquals(DDPM.lambda(0.5555), same.lambda(0.5555), 1e-12);
    assertEquals(1000, same.steps());
  }

  /** Of the same rates: betaMin = N beta_0 and betaMax = N beta_(N-1), to the order of 1/N. */
  @Test
  void discreteIsCloseToLinear() {
    for (double t : new double[] {0.05, 0.3, 0.7, 1}) {
      assertEquals(
          LinearSchedule.PAPER.logAlpha(t), DDPM.logAlpha(t), 0.01 * Math.max(t, 5 * t * t));
    }
  }

  @Test
  void oneDiscreteStepHasOneTime() {
    DiscreteSchedule one = DiscreteSchedule.ofBetas(0.19);
    assertEquals(0.9, one.alpha(1), 1e-15);
    assertEquals(0.5, one.inverseLambda(one.lambda(0.5)), 1e-14);
  }

  @Test
  void discreteRefusesWhatIsNoSchedule() {
    assertEquals(
        "DiscreteSchedule: expected betas between 0 and 1, found 1.0 at step 1; leave out a last"
            + " step without signal",
        assertThrows(IllegalArgumentException.class, () -> DiscreteSchedule.ofBetas(0.1, 1))
            .getMessage());
    assertEquals(
        "DiscreteSchedule: expected products that fall from below 1 to above 0, found 0.9 at step 1"
            + " after 0.9",
        assertThrows(
                IllegalArgumentException.class, () -> DiscreteSchedule.ofAlphaProducts(0.9, 0.9))
            .getMessage());
    assertThrows(IllegalArgumentException.class, DiscreteSchedule::ofBetas);
  }

  @Property(tries = 50)
  void tensorsHoldWhatNumbersSay(
      @ForAll("schedules") NoiseSchedule schedule,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double first,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double second) {
    Backend backend = Backends.choose("scalar", 1).backend();
    Tensor t = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 1), first, second);
    Tensor x0 = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 2), 1, 2, 3, 4);
    Tensor noise = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 2), 0.5, -1, 2, 0.25);
    double[] perturbed = schedule.perturb(x0, t, noise).toDoubleArray();
    double[] added = schedule.addNoise(x0, second, noise).toDoubleArray();
    assertEquals(2 * schedule.alpha(first) - schedule.sigma(first), perturbed[1], 1e-13);
    assertEquals(4 * schedule.alpha(second) + 0.25 * schedule.sigma(second), perturbed[3], 1e-13);
    assertEquals(added[3], perturbed[3], 1e-13);
    Tensor one = Tensor.of(backend, DType.FLOAT64, Shape.of(1, 1), second);
    double[] together = schedule.perturb(x0, one, noise).toDoubleArray();
    assertArrayEquals(added, together, 1e-13, "one time for all rows");
  }
}
