package io.qgpo.verify;

import io.qgpo.algorithm.EnergyNet;
import io.qgpo.algorithm.GuidanceLoss;
import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.algorithm.ScoreNet;
import io.qgpo.algorithm.TwinQ;
import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Layout;
import io.qgpo.autograd.op.Loss;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final int DIRECTIONS = 5;

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
    Of each loss that networks learn by, and of the energy with respect to the action, slopes
    along %d random directions of all inputs at once: the largest difference of that found by
    differentiation from that by central differences, in double precision, relative to the
    gradient's length. Every operation by itself is checked so in the tests.\
    """
        .formatted(DIRECTIONS);
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(slopes("denoising loss by the score network's weights", GradientChecks::denoising));
    checks.add(slopes("critic's loss by the twins' weights", GradientChecks::critic));
    for (EnergyLoss loss : EnergyLoss.values()) {
      checks.add(slopes(loss + " by the energy network's weights", () -> energyLoss(loss)));
    }
    checks.add(slopes("energy by the action", GradientChecks::actionGradient));
    return checks;
  }

  /** A function of inputs that may be moved in place. */
  private record Slope(Supplier<Var> function, List<Var> inputs) {}

  private static Check slopes(String name, Supplier<Slope> slope) {
    return Check.atMost(
        "slopes of " + name, "central differences", ALLOWED, () -> worst(slope.get()));
  }

  private static double worst(Slope slope) {
    Tensor[] gradients = Grad.of(slope.function().get(), slope.inputs());
    double length = Math.sqrt(dot(gradients, gradients));
    Rng rng = new Rng(Sampling.DOUBLE, 0, "directions");
    double worst = 0;
    for (int i = 0; i < DIRECTIONS; i++) {
      Tensor[] direction = new Tensor[gradients.length];
      Arrays.setAll(direction, k -> rng.normal(DType.FLOAT64, gradients[k].shape()));
      move(slope.inputs(), direction, STEP);
      double ahead = slope.function().get().value().item();
      move(slope.inputs(), direction, -2 * STEP);
      double behind = slope.function().get().value().item();
      move(slope.inputs(), direction, STEP);
      double difference = (ahead - behind) / (2 * STEP);
      worst = Math.max(worst, Math.abs(dot(gradients, direction) - difference) / length);
    }
    return worst;
  }

  private static double dot(Tensor[] a, Tensor[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      double[] x = a[k].toDoubleArray();
      double[] y = b[k].toDoubleArray();
      for (int i = 0; i < x.length; i++) {
        sum += x[i] * y[i];
      }
    }
    return sum;
  }

  private static void move(List<Var> inputs, Tensor[] direction, double step) {
    for (int i = 0; i < direction.length; i++) {
      Tensor input = inputs.get(i).value();
      input.backend().addScaled(1, input, step, direction[i], input);
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

  private static Slope denoising() {
    Rng rng = rng();
    ScoreNet net = new ScoreNet(rng, DType.FLOAT64, STATE, ACTION, new ScoreNet.Size(8, 4, 1));
    Var actions = Var.constant(normal(rng, ROWS, ACTION));
    Var t = Var.constant(rng.uniform(DType.FLOAT64, Shape.of(ROWS, 1), 0, 1));
    Var states = Var.constant(normal(rng, ROWS, STATE));
    Tensor noise = normal(rng, ROWS, ACTION);
    return new Slope(() -> Loss.denoising(net.apply(actions, t, states), noise), net.parameters());
  }

  /** The mean error of both twins, as {@code CriticTrainer} has it. */
  private static Slope critic() {
    Rng rng = rng();
    TwinQ net = new TwinQ(rng, DType.FLOAT64, STATE, ACTION, 8, 2);
    Var input = Var.constant(normal(rng, ROWS, ACTION + STATE));
    Tensor target = normal(rng, 2 * ROWS, 1);
    return new Slope(
        () -> Loss.meanSquaredError(net.both(input), target), net.twins().parameters());
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
