package io.qgpo.verify;

import io.qgpo.algorithm.EnergyNet;
import io.qgpo.algorithm.GuidanceLoss;
import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.algorithm.ScoreNet;
import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Layout;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Differentiation of whole networks and losses in double precision, against differences. */
final class GradientChecks implements CheckGroup {
  private static final int ROWS = 3;
  private static final int SAMPLES = 4;
  private static final int STATE = 2;
  private static final int ACTION = 2;

  /** Near the cube root of the rounding unit, where the two errors of a difference meet. */
  private static final double STEP = 1e-5;

  private static final double ALLOWED = 1e-6;

  @Override
  public String name() {
    return "gradients";
  }

  @Override
  public String title() {
    return "Differentiation";
  }

  @Override
  public String about() {
    return """
    Of each loss, and of the energy with respect to the action, the slope along the gradient
    found by differentiation over the slope by central differences, in double precision. Every
    operation by itself is checked so in the tests.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (EnergyLoss loss : EnergyLoss.values()) {
      checks.add(ratio(loss + " by the energy network's weights", () -> energyLoss(loss)));
    }
    checks.add(ratio("score network by its weights", GradientChecks::score));
    checks.add(ratio("energy by the action", GradientChecks::actionGradient));
    return checks;
  }

  /** A function of inputs that may be moved in place. */
  private record Slope(Supplier<Var> function, List<Var> inputs) {}

  private static Check ratio(String name, Supplier<Slope> slope) {
    return Check.equal(
        "slope of " + name, "central differences", 1, ALLOWED, () -> ratio(slope.get()));
  }

  private static double ratio(Slope slope) {
    Tensor[] gradients = Grad.of(slope.function().get(), slope.inputs());
    double square = 0;
    for (Tensor gradient : gradients) {
      for (double g : gradient.toDoubleArray()) {
        square += g * g;
      }
    }
    double step = STEP / Math.sqrt(square);
    move(slope.inputs(), gradients, step);
    double ahead = slope.function().get().value().item();
    move(slope.inputs(), gradients, -2 * step);
    double behind = slope.function().get().value().item();
    return square / ((ahead - behind) / (2 * step));
  }

  private static void move(List<Var> inputs, Tensor[] gradients, double step) {
    for (int i = 0; i < gradients.length; i++) {
      Tensor input = inputs.get(i).value();
      input.backend().addScaled(1, input, step, gradients[i], input);
    }
  }

  private static Rng rng() {
    return new Rng(Sampling.DOUBLE, 0, "gradient check");
  }

  private static EnergyNet energyNet(Rng rng) {
    return new EnergyNet(rng, DType.FLOAT64, STATE, ACTION, new EnergyNet.Size(8, 2, 4, 1));
  }

  private static Slope energyLoss(EnergyLoss loss) {
    Rng rng = rng();
    EnergyNet net = energyNet(rng);
    Var actions = Var.constant(normal(rng, ROWS * SAMPLES, ACTION));
    Var t = Var.constant(rng.uniform(DType.FLOAT64, Shape.of(ROWS, 1), 0, 1));
    Var states = Var.constant(normal(rng, ROWS, STATE));
    Tensor labels = normal(rng, ROWS, SAMPLES);
    Shape grouped = Shape.of(ROWS, SAMPLES);
    return new Slope(
        () -> GuidanceLoss.of(loss, Layout.reshape(net.apply(actions, t, states), grouped), labels),
        net.parameters());
  }

  private static Slope score() {
    Rng rng = rng();
    ScoreNet net = new ScoreNet(rng, DType.FLOAT64, STATE, ACTION, new ScoreNet.Size(8, 4, 1));
    Var actions = Var.constant(normal(rng, ROWS, ACTION));
    Var t = Var.constant(rng.uniform(DType.FLOAT64, Shape.of(ROWS, 1), 0, 1));
    Var states = Var.constant(normal(rng, ROWS, STATE));
    return new Slope(() -> Reduction.mean(net.apply(actions, t, states)), net.parameters());
  }

  private static Slope actionGradient() {
    Rng rng = rng();
    EnergyNet net = energyNet(rng);
    Var action = Var.parameter(normal(rng, ROWS, ACTION));
    Var t = Var.constant(rng.uniform(DType.FLOAT64, Shape.of(ROWS, 1), 0, 1));
    Var states = Var.constant(normal(rng, ROWS, STATE));
    return new Slope(() -> Reduction.mean(net.apply(action, t, states)), List.of(action));
  }

  private static Tensor normal(Rng rng, int rows, int columns) {
    return rng.normal(DType.FLOAT64, Shape.of(rows, columns));
  }
}
