package io.qgpo.diffusion;

import io.qgpo.tensor.Tensor;
import java.util.function.Consumer;

/**
 * What a {@link DpmSolver} does, in words of the papers. Begin with one of the methods, and change
 * what is to be different:
 *
 * <pre>{@code
 * SolverOptions.multistep(2).withForm(Form.NOISE).withEvaluations(25)
 * }</pre>
 *
 * <p>Unless changed: data form (DPM-Solver++), a grid even in log-SNR, 15 evaluations from t = 1 to
 * 1e-3, all steps of full order, nothing limited or corrected.
 *
 * @param method which steps are taken
 * @param order of the steps: 1 to 3; adaptive 2 (orders 1 and 2) or 3 (2 and 3); stochastic 1 or 2
 * @param form which of the model's predictions is integrated
 * @param grid where the nodes lie; adaptive steps find their own
 * @param evaluations how often the model is called per sample, besides {@code denoiseToZero}; a
 *     bound for fixed single steps, and without meaning for adaptive ones
 * @param tStart where the noise is
 * @param tEnd where sampling stops
 * @param lowerOrderFinal whether multistep rules lower their order in the last steps, order 1 in
 *     the very last: steadier with few steps, and of order 2 at most
 * @param denoiseToZero whether the result is the data predicted at tEnd, for one evaluation more
 * @param thresholding of the predicted data, in data form; null for none
 * @param correction of x after each step; null for none
 * @param absoluteTolerance of adaptive steps: error allowed in a step where values are small
 * @param relativeTolerance of adaptive steps: error allowed in a step, as a share of the value
 */
public record SolverOptions(
    Method method,
    int order,
    Form form,
    TimeGrid grid,
    int evaluations,
    double tStart,
    double tEnd,
    boolean lowerOrderFinal,
    boolean denoiseToZero,
    Thresholding thresholding,
    Correction correction,
    double absoluteTolerance,
    double relativeTolerance) {

  /** Which steps are taken. */
  public enum Method {
    /**
     * Single steps that use up the evaluations: where the order does not divide them, the last one
     * or two steps are of lower order. At order 3 the last step always is, as in DPM-Solver-fast.
     */
    SINGLESTEP,
    /** Single steps all of one order, as many as the evaluations allow. */
    SINGLESTEP_FIXED,
    /** One evaluation a step; earlier ones serve again. */
    MULTISTEP,
    /** Single steps whose length follows the error. */
    ADAPTIVE,
    /** Multistep on the reverse SDE, with fresh noise in each step. */
    SDE_MULTISTEP
  }

  /** Changes x after a step. */
  @FunctionalInterface
  public interface Correction {
    /**
     * The corrected x.
     *
     * @param x rows x dimensions, at time t
     * @param step 1 after the first step
     * @return of x's shape; may be x itself
     */
    Tensor apply(Tensor x, double t, int step);
  }

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what does not fit
   */
  public SolverOptions {
    require(order >= 1 && order <= 3, "order 1, 2 or 3", order);
    require(method != Method.ADAPTIVE || order >= 2, "order 2 or 3 for adaptive steps", order);
    require(method != Method.SDE_MULTISTEP || order <= 2, "order 1 or 2 for the SDE", order);
    require(evaluations >= 1, "1 or more evaluations", evaluations);
    require(
        method != Method.SINGLESTEP_FIXED || evaluations >= order,
        order + " or more evaluations for single steps of order " + order,
        evaluations);
    if (!(tEnd > 0 && tEnd < tStart && tStart < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "SolverOptions: expected 0 < tEnd < tStart, found tEnd " + tEnd + ", tStart " + tStart);
    }
    require(
        thresholding == null || form == Form.DATA,
        "the data form, whose predictions thresholding limits",
        form);
    require(
        !lowerOrderFinal || method == Method.MULTISTEP || method == Method.SDE_MULTISTEP,
        "a multistep method, whose last steps can be of lower order",
        method);
    require(
        absoluteTolerance > 0 && absoluteTolerance < Double.POSITIVE_INFINITY,
        "a positive absolute tolerance",
        absoluteTolerance);
    require(
        relativeTolerance >= 0 && relativeTolerance < Double.POSITIVE_INFINITY,
        "a relative tolerance of 0 or more",
        relativeTolerance);
  }

  private static void require(boolean fits, String expected, Object found) {
    if (!fits) {
      throw new IllegalArgumentException(
          "SolverOptions: expected " + expected + ", found " + found);
    }
  }

  private static SolverOptions of(Method method, int order) {
    // Tolerances of Lu et al. 2022, appendix C, for data in [-1, 1].
    return new SolverOptions(
        method,
        order,
        Form.DATA,
        TimeGrid.LOG_SNR,
        15,
        1,
        1e-3,
        false,
        false,
        null,
        null,
        0.0078,
        0.05);
  }

  /** Single steps of this order, with lower ones at the end where evaluations are left. */
  public static SolverOptions singlestep(int order) {
    return of(Method.SINGLESTEP, order);
  }

  /** Single steps all of this order. */
  public static SolverOptions singlestepFixed(int order) {
    return of(Method.SINGLESTEP_FIXED, order);
  }

  /** Multistep of this order. Order 1 is DDIM. */
  public static SolverOptions multistep(int order) {
    return of(Method.MULTISTEP, order);
  }

  /** Adaptive steps: order 2 compares orders 1 and 2, order 3 compares 2 and 3. */
  public static SolverOptions adaptive(int order) {
    return of(Method.ADAPTIVE, order);
  }

  /** The reverse SDE by multistep of this order, 1 or 2. */
  public static SolverOptions sde(int order) {
    return of(Method.SDE_MULTISTEP, order);
  }

  /**
   * The paper's sampler: DPM-Solver++ by single steps of order 2 on uniform times. An inner node is
   * the midpoint in time, and samples have too little spread: at 15 evaluations .79 of the standard
   * deviation of data whose own is .3.
   */
  public static SolverOptions paper() {
    return singlestep(2).withGrid(TimeGrid.TIME_UNIFORM);
  }

  /**
   * The sampler to take where the spread matters: noise form, multistep of order 2 on times even in
   * their square root. Of all multistep methods of order 2 and the paper's sampler it has the least
   * error from 8 evaluations on, 15 being the default, whether guided or not, but for a few cases
   * in which a data form on a grid even in log-SNR comes within its reach. {@code qgpo verify}
   * measures the choice; docs/exactness.md has the table.
   *
   * <p>Predicted data can be limited in data form only: {@code exact().withForm(Form.DATA)}.
   */
  public static SolverOptions exact() {
    return multistep(2).withForm(Form.NOISE).withGrid(TimeGrid.TIME_QUADRATIC);
  }

  /** The same in this form. */
  public SolverOptions withForm(Form form) {
    return changed(draft -> draft.form = form);
  }

  /** The same on this grid. */
  public SolverOptions withGrid(TimeGrid grid) {
    return changed(draft -> draft.grid = grid);
  }

  /** The same with this many evaluations. */
  public SolverOptions withEvaluations(int evaluations) {
    return changed(draft -> draft.evaluations = evaluations);
  }

  /** The same between these times. */
  public SolverOptions withTimes(double tStart, double tEnd) {
    return changed(
        draft -> {
          draft.tStart = tStart;
          draft.tEnd = tEnd;
        });
  }

  /** The same with lower orders in the last steps of a multistep method. */
  public SolverOptions withLowerOrderFinal() {
    return changed(draft -> draft.lowerOrderFinal = true);
  }

  /** The same with the predicted data as its result. */
  public SolverOptions withDenoiseToZero() {
    return changed(draft -> draft.denoiseToZero = true);
  }

  /** The same with predicted data limited. */
  public SolverOptions withThresholding(Thresholding thresholding) {
    return changed(draft -> draft.thresholding = thresholding);
  }

  /** The same with x corrected after each step. */
  public SolverOptions withCorrection(Correction correction) {
    return changed(draft -> draft.correction = correction);
  }

  /** The same with these tolerances of adaptive steps. */
  public SolverOptions withTolerance(double absolute, double relative) {
    return changed(
        draft -> {
          draft.absoluteTolerance = absolute;
          draft.relativeTolerance = relative;
        });
  }

  private SolverOptions changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options under change. */
  private static final class Draft {
    private final Method method;
    private final int order;
    private Form form;
    private TimeGrid grid;
    private int evaluations;
    private double tStart;
    private double tEnd;
    private boolean lowerOrderFinal;
    private boolean denoiseToZero;
    private Thresholding thresholding;
    private Correction correction;
    private double absoluteTolerance;
    private double relativeTolerance;

    Draft(SolverOptions options) {
      method = options.method;
      order = options.order;
      form = options.form;
      grid = options.grid;
      evaluations = options.evaluations;
      tStart = options.tStart;
      tEnd = options.tEnd;
      lowerOrderFinal = options.lowerOrderFinal;
      denoiseToZero = options.denoiseToZero;
      thresholding = options.thresholding;
      correction = options.correction;
      absoluteTolerance = options.absoluteTolerance;
      relativeTolerance = options.relativeTolerance;
    }

    SolverOptions options() {
      return new SolverOptions(
          method,
          order,
          form,
          grid,
          evaluations,
          tStart,
          tEnd,
          lowerOrderFinal,
          denoiseToZero,
          thresholding,
          correction,
          absoluteTolerance,
          relativeTolerance);
    }
  }
}
