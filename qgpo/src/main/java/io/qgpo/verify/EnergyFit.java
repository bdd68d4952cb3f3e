package io.qgpo.verify;

import io.qgpo.algorithm.EnergyNet;
import io.qgpo.algorithm.GuidanceLoss;
import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Layout;
import io.qgpo.autograd.optim.Adam;
import io.qgpo.autograd.optim.Schedule;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.exact.ExactGuidance;
import io.qgpo.exact.Quantiles;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * An energy network that learns the guidance of a case in one dimension from samples of the
 * behaviour and their energies, as QGPO's does. All losses see the same samples in the same order,
 * with the same times and noise.
 */
final class EnergyFit {
  /** Of the behaviour, drawn once. */
  static final int DATA = 100_000;

  /** Times per update; each has its own samples. */
  private static final int ROWS = 32;

  private static final int SAMPLES_PER_ROW = 64;

  /** Where errors are measured: quantiles of q_t. */
  private static final int POINTS = 500;

  /** The toys' least time, which the authors chose. */
  private static final double T_MIN = 1e-5;

  private static final double LEARNING_RATE = 1e-2;

  /**
   * Smaller than a policy's, which must tell states apart; frequencies are lower than its 30, since
   * f_t on a line changes slowly with t and there are few updates.
   */
  private static final EnergyNet.Size SIZE = new EnergyNet.Size(64, 2, 16, 1);

  private final ExactGuidance guidance;
  private final EnergyLoss loss;
  private final NoiseSchedule schedule = Sampling.SCHEDULE;
  private final EnergyNet net;
  private final Adam optimizer;
  private final Tensor samples;
  private final Tensor labels;
  private final Tensor noState;
  private final Rng rng;

  /**
   * An untrained network.
   *
   * @param steps that it will be trained for: the learning rate falls to 0 by then
   */
  EnergyFit(Backend backend, ExactGuidance guidance, EnergyLoss loss, int steps) {
    this.guidance = guidance;
    this.loss = loss;
    net = new EnergyNet(new Rng(backend, 0, "weights"), DType.FLOAT32, 1, 1, SIZE);
    optimizer =
        new Adam(
            net.parameters(), Schedule.cosine(LEARNING_RATE, 0, steps), Adam.Options.defaults());
    rng = new Rng(backend, 0, "batches");
    SplittableRandom random = new SplittableRandom(0);
    double[] x = new double[DATA];
    double[] energies = new double[DATA];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < DATA; i++) {
      x[i] = guidance.behaviour().sample(random)[0];
      energies[i] = guidance.energy().at(x[i]);
      largest = Math.max(largest, energies[i]);
    }
    // One number for all, which moves no gradient, keeps EMSE exact; a batch's largest would not.
    for (int i = 0; i < DATA; i++) {
      energies[i] -= largest;
    }
    samples = Tensor.of(backend, DType.FLOAT32, Shape.of(DATA, 1), x);
    labels = Tensor.of(backend, DType.FLOAT32, Shape.of(DATA, 1), energies);
    noState = Tensor.zeros(backend, DType.FLOAT32, Shape.of(1, 1));
  }

  /** Trains for so many updates. */
  EnergyFit train(int steps) {
    for (int i = 0; i < steps; i++) {
      try (Scope _ = Scope.open("energy fit")) {
        step();
      }
    }
    return this;
  }

  private void step() {
    Backend backend = samples.backend();
    Shape grouped = Shape.of(ROWS, SAMPLES_PER_ROW);
    Shape column = Shape.of(ROWS * SAMPLES_PER_ROW, 1);
    Tensor chosen = rng.indices(column.size(), DATA);
    Tensor x = Tensor.empty(backend, DType.FLOAT32, column);
    Tensor energies = Tensor.empty(backend, DType.FLOAT32, column);
    backend.gatherRows(samples, chosen, x);
    backend.gatherRows(labels, chosen, energies);
    Tensor t = rng.uniform(DType.FLOAT32, Shape.of(ROWS, 1), T_MIN, 1);
    Tensor noise = rng.normal(DType.FLOAT32, column);
    Tensor noised = schedule.perturb(x, t, noise);
    Var f = net.apply(Var.constant(noised), Var.constant(t), Var.constant(noState));
    Var byRow = Layout.reshape(f, grouped);
    Tensor target = energies.reshape(grouped);
    Var mean =
        loss == EnergyLoss.EMSE
            ? GuidanceLoss.exponential(byRow, target)
            : GuidanceLoss.of(loss, byRow, target);
    optimizer.step(Grad.of(mean, net.parameters()));
  }

  /**
   * How far the gradient of the learnt f_t is from one that is known: the root of the mean squared
   * difference over q_t, relative to the root of the known one's mean square.
   */
  double error(double t, ExactGradient known) {
    double[] points = points(guidance, t);
    try (Scope _ = Scope.open("error of the fit")) {
      return error(t, points, gradient(t, points), known);
    }
  }

  /** The same of a gradient that is known, too. */
  static double error(ExactGuidance guidance, double t, ExactGradient other, ExactGradient known) {
    double[] points = points(guidance, t);
    double[] found = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      found[i] = other.at(Sampling.SCHEDULE.alpha(t), Sampling.SCHEDULE.sigma(t), points[i])[0];
    }
    return error(t, points, found, known);
  }

  private static double[] points(ExactGuidance guidance, double t) {
    NoiseSchedule schedule = Sampling.SCHEDULE;
    return Quantiles.of(guidance.behaviour().noised(schedule.alpha(t), schedule.sigma(t)), POINTS);
  }

  private static double error(double t, double[] points, double[] found, ExactGradient known) {
    double off = 0;
    double size = 0;
    for (int i = 0; i < points.length; i++) {
      double exact = known.at(Sampling.SCHEDULE.alpha(t), Sampling.SCHEDULE.sigma(t), points[i])[0];
      off += (found[i] - exact) * (found[i] - exact);
      size += exact * exact;
    }
    return Math.sqrt(off / size);
  }

  /** Where sampling guided by the network leads to, with the exact score of the behaviour. */
  double[] sample() {
    return Sampling.flow(
        guidance,
        (x, t) -> {
          double[] gradient = gradient(t, x.toDoubleArray());
          return Tensor.of(x.backend(), x.dtype(), x.shape(), gradient);
        },
        1,
        POINTS);
  }

  /** The gradient of the learnt f_t at points. */
  private double[] gradient(double t, double[] points) {
    Tensor x = Tensor.of(samples.backend(), DType.FLOAT32, Shape.of(points.length, 1), points);
    return net.actionGradient(x, t, noState).toDoubleArray();
  }
}
