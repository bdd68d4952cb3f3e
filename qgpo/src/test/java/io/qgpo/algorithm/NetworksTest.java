package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.GradCheck;
import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
  private final Backend backend = Backends.choose("scalar", 1).backend();
  private final Rng rng = new Rng(backend, 1, "networks");

  private ScoreNet scoreNet(int width) {
    return new ScoreNet(rng, DType.FLOAT64, 5, 3, new ScoreNet.Size(width, 8, 2));
  }

  private EnergyNet energyNet() {
    return new EnergyNet(rng, DType.FLOAT64, 5, 3, new EnergyNet.Size(16, 4, 8, 2));
  }

  /** 1.634 M at state 17, action 6 is the count of the authors' network. */
  @Test
  void parameterCountsOfThePaper() {
    ScoreNet score = new ScoreNet(rng, DType.FLOAT32, 17, 6, new ScoreNet.Size(512, 32, 30));
    assertEquals(1_634_278, score.parameterCount());
    // Each: (23 + 1) 256 + 2 (256 + 1) 256 + 257.
    assertEquals(2 * 137_985, new TwinQ(rng, DType.FLOAT32, 17, 6, 256, 3).parameterCount());
    // (6 + 32 + 17 + 1) 256 + 3 (256 + 1) 256 + 257 + 33 32.
    EnergyNet energy = new EnergyNet(rng, DType.FLOAT32, 17, 6, new EnergyNet.Size(256, 4, 32, 30));
    assertEquals(213_025, energy.parameterCount());
  }

  /** States that each belong to k actions give what states repeated k times give. */
  @Test
  void sharedStatesEqualRepeatedStates() {
    ScoreNet score = scoreNet(16);
    EnergyNet energy = energyNet();
    Tensor states = rng.normal(DType.FLOAT64, Shape.of(2, 5));
    Tensor repeated = Tensor.empty(backend, DType.FLOAT64, Shape.of(6, 5));
    for (int i = 0; i < 6; i++) {
      backend.copy(states.rows(i / 3, i / 3 + 1), repeated.rows(i, i + 1));
    }
    Var actions = Var.constant(rng.normal(DType.FLOAT64, Shape.of(6, 3)));
    Var one = Var.constant(Tensor.full(backend, DType.FLOAT64, Shape.of(1, 1), 0.4));
    Var all = Var.constant(Tensor.full(backend, DType.FLOAT64, Shape.of(6, 1), 0.4));
    assertArrayEquals(
        score.apply(actions, all, Var.constant(repeated)).value().toDoubleArray(),
        score.apply(actions, one, Var.constant(states)).value().toDoubleArray(),
        1e-14);
    assertArrayEquals(
        energy.apply(actions, all, Var.constant(repeated)).value().toDoubleArray(),
        energy.apply(actions, one, Var.constant(states)).value().toDoubleArray(),
        1e-14);
  }

  @Test
  void conditionsOfManyTimesAreThoseOfEach() {
    ScoreNet score = scoreNet(16);
    Var states = Var.constant(rng.normal(DType.FLOAT64, Shape.of(2, 5)));
    Var actions = Var.constant(rng.normal(DType.FLOAT64, Shape.of(6, 3)));
    Var times = Var.constant(Tensor.of(backend, DType.FLOAT64, Shape.of(3, 1), .1, .5, .9));
    List<ScoreNet.Condition> conditions = score.conditions(times, states);
    assertEquals(3, conditions.size());
    for (int i = 0; i < 3; i++) {
      Var time = Var.constant(times.value().rows(i, i + 1));
      assertArrayEquals(
          score.apply(actions, time, states).value().toDoubleArray(),
          score.apply(actions, conditions.get(i)).value().toDoubleArray(),
          1e-14);
    }
  }

  @Test
  void gradientsOfTheScoreNetwork() {
    ScoreNet score = scoreNet(8);
    Var t = Var.constant(Tensor.of(backend, DType.FLOAT64, Shape.of(2, 1), 0.1, 0.9));
    Var states = Var.parameter(rng.normal(DType.FLOAT64, Shape.of(2, 5)));
    Var actions = Var.parameter(rng.normal(DType.FLOAT64, Shape.of(4, 3)));
    GradCheck.check(
        "ScoreNet", in -> score.apply(in.get(0), t, in.get(1)), List.of(actions, states));
  }

  @Test
  void everyParameterOfTheNetworksGetsAGradient() {
    ScoreNet score = scoreNet(8);
    EnergyNet energy = energyNet();
    Var t = Var.constant(Tensor.full(backend, DType.FLOAT64, Shape.of(2, 1), 0.3));
    Var states = Var.constant(rng.normal(DType.FLOAT64, Shape.of(2, 5)));
    Var actions = Var.constant(rng.normal(DType.FLOAT64, Shape.of(2, 3)));
    for (Tensor g : Grad.of(Reduction.sum(score.apply(actions, t, states)), score.parameters())) {
      assertTrue(norm(g) > 0, "zero gradient of shape " + g.shape());
    }
    for (Tensor g : Grad.of(Reduction.sum(energy.apply(actions, t, states)), energy.parameters())) {
      assertTrue(norm(g) > 0, "zero gradient of shape " + g.shape());
    }
  }

  private static double norm(Tensor x) {
    double sum = 0;
    for (double value : x.toDoubleArray()) {
      sum += value * value;
    }
    return sum;
  }

  /** The action gradient is the derivative of f, also while recording is off around it. */
  @Test
  void actionGradientMatchesDifferences() {
    EnergyNet energy = energyNet();
    Tensor states = rng.normal(DType.FLOAT64, Shape.of(1, 5));
    Tensor actions = rng.normal(DType.FLOAT64, Shape.of(3, 3));
    double[] gradient;
    try (GradMode _ = GradMode.off()) {
      gradient = energy.actionGradient(actions, 0.6, states).toDoubleArray();
    }
    for (int i = 0; i < 9; i++) {
      double difference =
          (f(energy, actions, states, i, 1e-5) - f(energy, actions, states, i, -1e-5)) / 2e-5;
      assertEquals(difference, gradient[i], 1e-8);
    }
  }

  private double f(EnergyNet energy, Tensor actions, Tensor states, int moved, double by) {
    double[] values = actions.toDoubleArray();
    values[moved] += by;
    Tensor x = Tensor.of(backend, DType.FLOAT64, actions.shape(), values);
    Tensor t = Tensor.full(backend, DType.FLOAT64, Shape.of(1, 1), 0.6);
    return energy
        .apply(Var.constant(x), Var.constant(t), Var.constant(states))
        .value()
        .toDoubleArray()[moved / 3];
  }

  @Test
  void bothAreTheTwinsAndMinTheSmaller() {
    TwinQ q = new TwinQ(rng, DType.FLOAT64, 4, 2, 8, 2);
    Var input = Var.constant(rng.normal(DType.FLOAT64, Shape.of(20, 6)));
    double[] q1 = q.q1(input).value().toDoubleArray();
    double[] q2 = q.q2(input).value().toDoubleArray();
    double[] both = q.both(input).value().toDoubleArray();
    assertArrayEquals(q1, Arrays.copyOf(both, 20));
    assertArrayEquals(q2, Arrays.copyOfRange(both, 20, 40));
    double[] min = q.min(input.value()).toDoubleArray();
    for (int i = 0; i < min.length; i++) {
      assertEquals(Math.min(q1[i], q2[i]), min[i]);
    }
  }

  /** By ranges of rows with packed weights, which are packed anew when they have changed. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void minByRangesOfRowsHasTheBitsOfTheTwins(int threads) {
    Backend simd = Backends.choose("simd", threads).backend();
    Rng own = new Rng(simd, 5, "twins");
    TwinQ q = new TwinQ(own, DType.FLOAT32, 4, 2, 256, 3);
    Tensor input = own.normal(DType.FLOAT32, Shape.of(301, 6));
    for (int change = 0; change < 2; change++) {
      float[] q1 = q.q1(Var.constant(input)).value().toFloatArray();
      float[] q2 = q.q2(Var.constant(input)).value().toFloatArray();
      float[] min = q.min(input).toFloatArray();
      for (int i = 0; i < min.length; i++) {
        assertEquals(Math.min(q1[i], q2[i]), min[i]);
      }
      Tensor weight = q.state().get("q1.1.weight");
      simd.affine(weight, -1.5, 0.01, weight);
    }
  }

  @Test
  void refusesWidthsThatDoNotQuarter() {
    assertEquals(
        "ScoreNet: expected a width that is a multiple of 4 and an even embedding, found width 6,"
            + " embedding 8",
        assertThrows(IllegalArgumentException.class, () -> new ScoreNet.Size(6, 8, 1))
            .getMessage());
  }
}
