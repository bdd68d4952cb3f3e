package io.qgpo.toy;

import io.qgpo.algorithm.GuidanceLoss;
import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Layout;
import io.qgpo.autograd.op.Loss;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Learns the score of a set, and the guidance towards its energy, from points drawn once. */
final class ToyTraining {
  /** Least time of the score's training: the paper's. */
  private static final double SCORE_T_MIN = 1e-3;

  /** Of the guidance's: the authors' toy. */
  private static final double GUIDANCE_T_MIN = 1e-5;

  private final Backend backend;
  private final ToySettings settings;
  private final long seed;
  private final String set;
  private final ToyData data;
  private final Tensor points;
  private final Tensor energies;

  /** Make it outside any scope. */
  ToyTraining(Backend backend, ToySet set, ToyData data, ToySettings settings, long seed) {
    this.backend = backend;
    this.settings = settings;
    this.seed = seed;
    this.set = set.name();
    this.data = data;
    int n = data.energies().length;
    points = Tensor.of(backend, Shape.of(n, 2), data.points());
    energies = Tensor.of(backend, Shape.of(n, 1), data.energies());
  }

  private Rng rng(String stream) {
    return new Rng(backend, seed, "toy " + stream);
  }

  /** A fit of the score by denoising, not yet begun. */
  Fit<ToyScoreNet> score() {
    Rng init = rng("score network");
    Rng draws = rng("score batches");
    return new Fit<>(
        "score of %s, seed %d".formatted(set, seed),
        () -> new ToyScoreNet(init, DType.FLOAT32, settings),
        settings,
        settings.scoreRate(),
        net -> denoising(net, draws));
  }

  private Var denoising(ToyScoreNet net, Rng draws) {
    int n = settings.batchSize();
    Tensor x = gather(points, draws.indices(n, points.rows()));
    Tensor t = times(draws, n, SCORE_T_MIN);
    Tensor noise = draws.normal(DType.FLOAT32, x.shape());
    Tensor noised = ToyDiffusion.SCHEDULE.perturb(x, t, noise);
    return Loss.denoising(net.apply(Var.constant(noised), Var.constant(t)), noise);
  }

  /**
   * A fit of the guidance, not yet begun.
   *
   * @param beta inverse temperature of the target
   */
  Fit<ToyEnergyNet> energy(EnergyLoss method, double beta) {
    Rng init = rng("energy network");
    Rng draws = rng("energy batches");
    double offset = data.logMeanExp(beta);
    return new Fit<>(
        "guidance of %s, %s, beta %s, seed %d".formatted(set, method, beta, seed),
        () -> new ToyEnergyNet(init, DType.FLOAT32, settings),
        settings,
        settings.energyRate(),
        net -> guidance(net, method, beta, offset, draws));
  }

  /**
   * CEP compares points of one time. The other two regress each point by itself: each has a time of
   * its own. From EMSE's labels one number is subtracted, so that its optimum is f_t, too; with
   * this one their exponentials are 1 in the mean, as those of a new network are. Less the largest
   * label they are nearly all 0 where beta is large, and the network, driven there by its first
   * updates, finds no slope that leads back.
   */
  private Var guidance(ToyEnergyNet net, EnergyLoss method, double beta, double offset, Rng draws) {
    int n = settings.batchSize();
    int perTime = method == EnergyLoss.CEP ? settings.candidates() : 1;
    int times = n / perTime;
    Tensor indices = draws.indices(n, points.rows());
    Tensor x = gather(points, indices);
    Tensor t = times(draws, times, GUIDANCE_T_MIN);
    Tensor noise = draws.normal(DType.FLOAT32, x.shape());
    Tensor noised = ToyDiffusion.SCHEDULE.perturb(x, t, noise);
    Var f = net.apply(Var.constant(noised), Var.constant(t));
    Shape rows = Shape.of(times, perTime);
    Tensor labels = gather(energies, indices).reshape(rows);
    Var energy = Layout.reshape(f, rows);
    if (method == EnergyLoss.EMSE) {
      backend.affine(labels, beta, -offset, labels);
      return GuidanceLoss.exponential(energy, labels);
    }
    backend.affine(labels, beta, 0, labels);
    return GuidanceLoss.of(method, energy, labels);
  }

  /** n times, from {@code least} to 1. */
  private Tensor times(Rng draws, int n, double least) {
    int exponent = settings.timeExponent();
    Shape shape = Shape.of(n, 1);
    Tensor u = draws.uniform(DType.FLOAT32, shape, Math.pow(least, 1.0 / exponent), 1);
    Tensor t = u;
    for (int power = 2; power <= exponent; power++) {
      Tensor next = Tensor.empty(backend, DType.FLOAT32, shape);
      backend.binary(BinaryOp.MUL, u, t, next);
      t = next;
    }
    return t;
  }

  private static Tensor gather(Tensor table, Tensor indices) {
    Tensor rows =
        Tensor.empty(table.backend(), table.dtype(), Shape.of(indices.size(), table.columns()));
    table.backend().gatherRows(table, indices, rows);
    return rows;
  }
}
