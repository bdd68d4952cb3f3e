package io.qgpo.diffusion;

import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Tensor;

/**
 * DPM-Solver++ (Lu et al. 2022b, arXiv:2211.01095): solves the diffusion ODE in data-prediction
 * form with orders 1 and 2, as single steps or as a multistep method.
 *
 * <p>Notation: lambda = ln(alpha/sigma), h the step in lambda, x0(x, t) = (x - sigma eps(x, t)) /
 * alpha.
 */
public final class DpmSolver {
  /** Which steps are taken where. */
  public enum Method {
    /**
     * Single steps of order 2 on a grid uniform in time, as the paper samples: with an odd number
     * of evaluations, all steps but the last take two grid intervals and the last is of order 1.
     * The inner node is the midpoint in time.
     */
    SINGLESTEP_2_TIME_UNIFORM,
    /** Multistep of order 2 on a grid uniform in lambda; the first step is of order 1. */
    MULTISTEP_2_LOG_SNR,
    /** Order 1 on a grid uniform in time, the same as DDIM. */
    FIRST_ORDER_TIME_UNIFORM
  }

  private final NoiseSchedule schedule;
  private final Method method;
  private final int evaluations;
  private final double tStart;
  private final double tEnd;

  /**
   * A solver.
   *
   * @param evaluations how often the model is called per sample, 1 or more
   * @param tStart where the noise is, at most 1
   * @param tEnd where sampling stops, above 0
   */
  public DpmSolver(
      NoiseSchedule schedule, Method method, int evaluations, double tStart, double tEnd) {
    if (evaluations < 1) {
      throw new IllegalArgumentException(
          "DpmSolver: expected 1 or more evaluations, found " + evaluations);
    }
    if (!(tEnd > 0 && tEnd < tStart && tStart <= 1)) {
      throw new IllegalArgumentException(
          "DpmSolver: expected 0 < tEnd < tStart <= 1, found tEnd " + tEnd + ", tStart " + tStart);
    }
    this.schedule = schedule;
    this.method = method;
    this.evaluations = evaluations;
    this.tStart = tStart;
    this.tEnd = tEnd;
  }

  /** What a solver moves: tensors, or the nodes of a graph that is to be exported. */
  public interface Space<X> {
    /** x0(x, t): the data that the model sees behind x. */
    X data(X x, double t);

    /** a x + b y. */
    X sum(double a, X x, double b, X y);
  }

  /**
   * Solves from noise to data.
   *
   * @param start rows x dimensions at tStart; standard normal for sampling; not changed
   * @return of the same shape, at tEnd, in the scope that is current at the call
   */
  public Tensor sample(NoisePrediction model, Tensor start) {
    try (Scope scope = Scope.open("DPM-Solver")) {
      return scope.escape(solve(new Tensors(model), start));
    }
  }

  /**
   * Solves from noise to data.
   *
   * @param start at tStart; standard normal for sampling
   * @return at tEnd
   */
  public <X> X solve(Space<X> space, X start) {
    return switch (method) {
      case SINGLESTEP_2_TIME_UNIFORM -> singlestep(space, start);
      case MULTISTEP_2_LOG_SNR -> multistep(space, start);
      case FIRST_ORDER_TIME_UNIFORM -> firstOrder(space, start);
    };
  }

  private double uniformTime(int node) {
    return node == evaluations ? tEnd : tStart + (tEnd - tStart) * node / evaluations;
  }

  private <X> X singlestep(Space<X> space, X start) {
    X x = start;
    int node = 0;
    for (; node + 2 <= evaluations; node += 2) {
      x = secondOrderStep(space, x, uniformTime(node), uniformTime(node + 2));
    }
    return node < evaluations
        ? firstOrderStep(space, x, uniformTime(node), uniformTime(node + 1))
        : x;
  }

  private <X> X firstOrder(Space<X> space, X start) {
    X x = start;
    for (int i = 0; i < evaluations; i++) {
      x = firstOrderStep(space, x, uniformTime(i), uniformTime(i + 1));
    }
    return x;
  }

  private <X> X firstOrderStep(Space<X> space, X x, double s, double t) {
    return step(space, x, space.data(x, s), s, t);
  }

  /**
   * x_t = (sigma_t/sigma_s) x - alpha_t (e^-h - 1) D: arXiv:2211.01095, eq. 9 at order 1, with the
   * predicted data D.
   */
  private <X> X step(Space<X> space, X x, X data, double s, double t) {
    double h = schedule.lambda(t) - schedule.lambda(s);
    return space.sum(
        schedule.sigma(t) / schedule.sigma(s), x, -schedule.alpha(t) * Math.expm1(-h), data);
  }

  /**
   * DPM-Solver++(2S), arXiv:2211.01095, algorithm 1, with the inner node m at the midpoint in time:
   * a step to m by D_s, then one to t by (1 - 1/2r) D_s + 1/2r D_m.
   */
  private <X> X secondOrderStep(Space<X> space, X x, double s, double t) {
    double middle = 0.5 * (s + t);
    double lambdaS = schedule.lambda(s);
    double r = (schedule.lambda(middle) - lambdaS) / (schedule.lambda(t) - lambdaS);
    X dataS = space.data(x, s);
    X dataM = space.data(step(space, x, dataS, s, middle), middle);
    return step(space, x, space.sum(1 - 0.5 / r, dataS, 0.5 / r, dataM), s, t);
  }

  /**
   * DPM-Solver++(2M), arXiv:2211.01095, algorithm 2: D = (1 + 1/2r) D_s - 1/2r D_before with r the
   * ratio of the last step in lambda to this one, here 1.
   */
  private <X> X multistep(Space<X> space, X start) {
    double first = schedule.lambda(tStart);
    double h = (schedule.lambda(tEnd) - first) / evaluations;
    X x = start;
    X before = null;
    for (int i = 0; i < evaluations; i++) {
      double s = i == 0 ? tStart : schedule.inverseLambda(first + i * h);
      double t = i == evaluations - 1 ? tEnd : schedule.inverseLambda(first + (i + 1) * h);
      X data = space.data(x, s);
      X blend = i == 0 ? data : space.sum(1.5, data, -0.5, before);
      x = step(space, x, blend, s, t);
      before = data;
    }
    return x;
  }

  /** Tensors of the current scope. */
  private final class Tensors implements Space<Tensor> {
    private final NoisePrediction model;

    Tensors(NoisePrediction model) {
      this.model = model;
    }

    @Override
    public Tensor data(Tensor x, double t) {
      Tensor data = Tensor.empty(x.backend(), x.dtype(), x.shape());
      try (Scope _ = Scope.open("model evaluation")) {
        Tensor noise = model.noise(x, t);
        double alpha = schedule.alpha(t);
        x.backend().addScaled(1 / alpha, x, -schedule.sigma(t) / alpha, noise, data);
      }
      return data;
    }

    @Override
    public Tensor sum(double a, Tensor x, double b, Tensor y) {
      Tensor sum = Tensor.empty(x.backend(), x.dtype(), x.shape());
      x.backend().addScaled(a, x, b, y, sum);
      return sum;
    }
  }
}
