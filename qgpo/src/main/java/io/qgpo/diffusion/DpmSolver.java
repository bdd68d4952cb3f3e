package io.qgpo.diffusion;

import io.qgpo.tensor.Backend;
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

  /**
   * Solves from noise to data.
   *
   * @param start rows x dimensions at tStart; standard normal for sampling; not changed
   * @return of the same shape, at tEnd, in the scope that is current at the call
   */
  public Tensor sample(NoisePrediction model, Tensor start) {
    Tensor x = start.copy();
    switch (method) {
      case SINGLESTEP_2_TIME_UNIFORM -> singlestep(model, x);
      case MULTISTEP_2_LOG_SNR -> multistep(model, x);
      case FIRST_ORDER_TIME_UNIFORM -> {
        for (int i = 0; i < evaluations; i++) {
          firstOrder(model, x, uniformTime(i), uniformTime(i + 1));
        }
      }
    }
    return x;
  }

  private double uniformTime(int node) {
    return node == evaluations ? tEnd : tStart + (tEnd - tStart) * node / evaluations;
  }

  private void singlestep(NoisePrediction model, Tensor x) {
    int node = 0;
    for (; node + 2 <= evaluations; node += 2) {
      secondOrder(model, x, uniformTime(node), uniformTime(node + 2));
    }
    if (node < evaluations) {
      firstOrder(model, x, uniformTime(node), uniformTime(node + 1));
    }
  }

  /**
   * x_t = (sigma_t/sigma_s) x - alpha_t (e^-h - 1) x0(x, s): arXiv:2211.01095, eq. 9 at order 1.
   */
  private void firstOrder(NoisePrediction model, Tensor x, double s, double t) {
    try (Scope _ = Scope.open("DPM-Solver step")) {
      Tensor data = dataPrediction(model, x, s);
      double h = schedule.lambda(t) - schedule.lambda(s);
      x.backend()
          .addScaled(
              schedule.sigma(t) / schedule.sigma(s),
              x,
              -schedule.alpha(t) * Math.expm1(-h),
              data,
              x);
    }
  }

  /**
   * DPM-Solver++(2S), arXiv:2211.01095, algorithm 1, with the inner node at the midpoint in time: u
   * = (sigma_m/sigma_s) x - alpha_m (e^{-r h} - 1) D_s, x_t = (sigma_t/sigma_s) x - alpha_t (e^-h -
   * 1) ((1 - 1/2r) D_s + 1/2r D_m).
   */
  private void secondOrder(NoisePrediction model, Tensor x, double s, double t) {
    Backend backend = x.backend();
    try (Scope _ = Scope.open("DPM-Solver step")) {
      double middle = 0.5 * (s + t);
      double lambdaS = schedule.lambda(s);
      double h = schedule.lambda(t) - lambdaS;
      double r = (schedule.lambda(middle) - lambdaS) / h;
      Tensor dataS = dataPrediction(model, x, s);
      Tensor u = Tensor.empty(backend, x.dtype(), x.shape());
      backend.addScaled(
          schedule.sigma(middle) / schedule.sigma(s),
          x,
          -schedule.alpha(middle) * Math.expm1(-r * h),
          dataS,
          u);
      Tensor dataM = dataPrediction(model, u, middle);
      double step = -schedule.alpha(t) * Math.expm1(-h);
      backend.addScaled(1 - 0.5 / r, dataS, 0.5 / r, dataM, u);
      backend.addScaled(schedule.sigma(t) / schedule.sigma(s), x, step, u, x);
    }
  }

  /**
   * DPM-Solver++(2M), arXiv:2211.01095, algorithm 2: D = (1 + 1/2r) D_s - 1/2r D_before with r the
   * ratio of the last step in lambda to this one.
   */
  private void multistep(NoisePrediction model, Tensor x) {
    Backend backend = x.backend();
    double first = schedule.lambda(tStart);
    double last = schedule.lambda(tEnd);
    double h = (last - first) / evaluations;
    try (Scope _ = Scope.open("DPM-Solver multistep")) {
      Tensor before = Tensor.empty(backend, x.dtype(), x.shape());
      for (int i = 0; i < evaluations; i++) {
        try (Scope _ = Scope.open("DPM-Solver step")) {
          double s = i == 0 ? tStart : schedule.inverseLambda(first + i * h);
          double t = i == evaluations - 1 ? tEnd : schedule.inverseLambda(first + (i + 1) * h);
          Tensor data = dataPrediction(model, x, s);
          Tensor blend = data;
          if (i > 0) {
            // Steps are equal in lambda: r = 1.
            blend = Tensor.empty(backend, x.dtype(), x.shape());
            backend.addScaled(1.5, data, -0.5, before, blend);
          }
          backend.addScaled(
              schedule.sigma(t) / schedule.sigma(s),
              x,
              -schedule.alpha(t) * Math.expm1(-h),
              blend,
              x);
          backend.copy(data, before);
        }
      }
    }
  }

  private Tensor dataPrediction(NoisePrediction model, Tensor x, double t) {
    Tensor data = Tensor.empty(x.backend(), x.dtype(), x.shape());
    try (Scope _ = Scope.open("model evaluation")) {
      Tensor noise = model.noise(x, t);
      double alpha = schedule.alpha(t);
      x.backend().addScaled(1 / alpha, x, -schedule.sigma(t) / alpha, noise, data);
    }
    return data;
  }
}
