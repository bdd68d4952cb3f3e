package io.qgpo.diffusion;

import io.qgpo.diffusion.SolverOptions.Method;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Tensor;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * DPM-Solver (Lu et al. 2022, arXiv:2206.00927) and DPM-Solver++ (Lu et al. 2022b,
 * arXiv:2211.01095): solve the diffusion ODE from noise to data, or back, with the linear part of
 * each step exact.
 *
 * <pre>{@code
 * DpmSolver solver = new DpmSolver(LinearSchedule.PAPER, SolverOptions.exact());
 * Tensor data = solver.sample(model, rng.normal(DType.FLOAT32, Shape.of(n, dimensions)));
 * }</pre>
 *
 * <p>Notation of this package: lambda = ln(alpha/sigma), h the step in lambda, x0(x, t) = (x -
 * sigma eps(x, t)) / alpha the predicted data, D the prediction that the form integrates.
 */
public final class DpmSolver {
  private final NoiseSchedule schedule;
  private final SolverOptions options;

  /**
   * A solver.
   *
   * @throws IllegalArgumentException if sampling would start beyond the schedule's last time
   */
  public DpmSolver(NoiseSchedule schedule, SolverOptions options) {
    if (options.tStart() > schedule.maxTime()) {
      throw new IllegalArgumentException(
          "DpmSolver: expected tStart of "
              + schedule.maxTime()
              + " or less for this schedule, found "
              + options.tStart()
              + "; set it by withTimes");
    }
    this.schedule = schedule;
    this.options = options;
  }

  /** What it does. */
  public SolverOptions options() {
    return options;
  }

  /** What a solver moves: tensors, or the nodes of a graph that is to be exported. */
  public interface Space<X> {
    /** D: what the model predicts from x at t, in the form of the solver's options. */
    X prediction(X x, double t);

    /** a x + b y. */
    X sum(double a, X x, double b, X y);

    /** x after a step, the first being 1; as it is unless the options correct it. */
    default X corrected(X x, double t, int step) {
      return x;
    }
  }

  /**
   * Solves the ODE from noise to data.
   *
   * @param start rows x dimensions at tStart; standard normal for sampling; not changed
   * @return of the same shape, at tEnd, in the scope that is current at the call
   * @throws IllegalArgumentException if the options are those of an SDE, which needs random noise
   * @throws ArithmeticException if no adaptive step stays within the tolerance
   */
  public Tensor sample(NoisePrediction model, Tensor start) {
    requireOde("sample");
    return run(model, start, options.tStart(), options.tEnd(), null);
  }

  /**
   * Solves from noise to data, by the SDE if the options say so.
   *
   * @param rng the noise of an SDE's steps; an ODE draws none
   */
  public Tensor sample(NoisePrediction model, Tensor start, Rng rng) {
    return run(
        model,
        start,
        options.tStart(),
        options.tEnd(),
        () -> rng.normal(start.dtype(), start.shape()));
  }

  /**
   * Solves the ODE backwards: the noise at tStart that sampling turns into these data. {@code
   * denoiseToZero} concerns the end of sampling alone and has no part in it.
   *
   * @param data rows x dimensions at tEnd; not changed
   * @return of the same shape, at tStart, in the scope that is current at the call
   * @throws IllegalArgumentException if the options are those of an SDE, which has no inverse
   * @throws ArithmeticException if no adaptive step stays within the tolerance
   */
  public Tensor noiseOf(NoisePrediction model, Tensor data) {
    requireOde("noiseOf");
    return run(model, data, options.tEnd(), options.tStart(), null);
  }

  private void requireOde(String call) {
    if (options.method() == Method.SDE_MULTISTEP) {
      throw new IllegalArgumentException(
          "DpmSolver."
              + call
              + ": expected options of an ODE, found the SDE's; sample(model, start, rng) solves"
              + " it");
    }
  }

  private Tensor run(
      NoisePrediction model, Tensor start, double from, double to, Supplier<Tensor> noise) {
    try (Scope scope = Scope.open("DPM-Solver")) {
      TensorSpace space = new TensorSpace(model, schedule, options);
      Tensor end =
          options.method() == Method.ADAPTIVE
              ? new Adaptive(space, schedule, options).solve(start, from, to)
              : fixedSteps(space, start, from, to, noise);
      if (options.denoiseToZero() && to < from) {
        end = space.data(end, to);
      }
      return scope.escape(end);
    }
  }

  /**
   * Solves from noise to data by fixed steps of the ODE, over anything that can be added.
   *
   * @param start at tStart; standard normal for sampling
   * @return at tEnd
   * @throws IllegalArgumentException if the options need more than sums and predictions: adaptive
   *     steps, an SDE, a correction, thresholding or denoising to zero
   */
  public <X> X solve(Space<X> space, X start) {
    requireOde("solve");
    return solve(space, start, null);
  }

  /**
   * The same of an ODE or an SDE.
   *
   * @param noise gives the standard normal noise of each of an SDE's steps; an ODE asks for none
   * @throws IllegalArgumentException as there, but for an SDE
   */
  public <X> X solve(Space<X> space, X start, Supplier<X> noise) {
    if (options.method() == Method.ADAPTIVE
        || options.correction() != null
        || options.thresholding() != null
        || options.denoiseToZero()) {
      throw new IllegalArgumentException(
          "DpmSolver.solve: expected fixed steps without correction, thresholding or"
              + " denoiseToZero, found "
              + options);
    }
    return fixedSteps(space, start, options.tStart(), options.tEnd(), noise);
  }

  /**
   * The times at which {@link #sample} will ask the model, in that order.
   *
   * @return null of adaptive steps, which depend on what the model says
   */
  public double[] predictionTimes() {
    if (options.method() == Method.ADAPTIVE) {
      return null;
    }
    DoubleStream.Builder times = DoubleStream.builder();
    Space<Void> clock =
        new Space<>() {
          @Override
          public Void prediction(Void x, double t) {
            times.add(t);
            return null;
          }

          @Override
          public Void sum(double a, Void x, double b, Void y) {
            return null;
          }
        };
    fixedSteps(clock, null, options.tStart(), options.tEnd(), () -> null);
    if (options.denoiseToZero()) {
      times.add(options.tEnd());
    }
    return times.build().toArray();
  }

  /** Whether all of {@link #sample} is on the device, so that a device may record it. */
  public boolean staysOnDevice() {
    return options.method() != Method.ADAPTIVE
        && options.correction() == null
        && options.thresholding() == null;
  }

  /** One step of a method. */
  private interface Rule<X> {
    X step(int order, X x, double s, double t);
  }

  private <X> X fixedSteps(Space<X> space, X start, double from, double to, Supplier<X> noise) {
    Form form = options.form();
    Rule<X> rule =
        switch (options.method()) {
          case MULTISTEP -> new Multistep<>(space, schedule, form)::step;
          case SDE_MULTISTEP -> new SdeMultistep<>(space, schedule, form, noise)::step;
          default -> new Singlestep<>(space, schedule, form, options.grid())::step;
        };
    StepPlan plan = StepPlan.of(options, schedule, from, to);
    X x = start;
    for (int i = 0; i < plan.steps(); i++) {
      double t = plan.time(i + 1);
      x = space.corrected(rule.step(plan.order(i), x, plan.time(i), t), t, i + 1);
    }
    return x;
  }
}
