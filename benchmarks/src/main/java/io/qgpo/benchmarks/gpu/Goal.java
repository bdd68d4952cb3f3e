package io.qgpo.benchmarks.gpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A figure that ours is held against.
 *
 * @param what is measured
 * @param ours with its unit; of products by our kernels and by cuBLAS the quicker
 * @param beside what ours is compared with
 * @param ratio ours over the other's; NaN if either was not measured, or there is no other
 * @param wanted in words
 * @param verdict reached, missed, or not measured
 */
record Goal(String what, String ours, String beside, double ratio, String wanted, String verdict) {
  private static final String EAGER = "eager";
  private static final String GRAPH = "graph";
  private static final String FP32 = "fp32";
  private static final String TF32 = "TF32";

  /** Of PyTorch's time. */
  private static final double MOST_BEHAVIOUR = .6;

  private static final double MOST_GUIDANCE = .5;
  private static final double MOST_SAMPLING = .6;

  /** 15 guided evaluations for one state, ms. */
  private static final double MOST_ONE_STATE = 1;

  /** Of cuBLAS' rate, in fp32. */
  private static final double LEAST_PRODUCT = .85;

  /** All goals, with what was measured of them. */
  static List<Goal> all(List<Figure> figures, List<ProductRate> products) {
    List<Goal> goals = new ArrayList<>();
    goals.add(beside(figures, Figure.BEHAVIOUR, FP32, EAGER, MOST_BEHAVIOUR));
    goals.add(beside(figures, Figure.BEHAVIOUR, TF32, GRAPH, MOST_BEHAVIOUR));
    goals.add(beside(figures, Figure.GUIDANCE, FP32, GRAPH, MOST_GUIDANCE));
    goals.add(beside(figures, Figure.GUIDANCE, TF32, GRAPH, MOST_GUIDANCE));
    double one = ours(figures, Figure.SAMPLE_1, FP32);
    goals.add(
        new Goal(
            Figure.SAMPLE_1 + ", fp32",
            millis(one) + how(figures, Figure.SAMPLE_1, FP32),
            "",
            Double.NaN,
            "at most " + millis(MOST_ONE_STATE),
            verdict(one, one <= MOST_ONE_STATE)));
    goals.add(beside(figures, Figure.SAMPLE_4096, FP32, EAGER, MOST_SAMPLING));
    goals.add(products(products));
    return goals;
  }

  private static Goal beside(
      List<Figure> figures, String step, String precision, String form, double most) {
    double ours = ours(figures, step, precision);
    double theirs = Figure.median(figures, step, precision, form);
    double ratio = ours / theirs;
    return new Goal(
        step + ", " + precision,
        millis(ours) + how(figures, step, precision),
        "PyTorch %s: %s".formatted(form, millis(theirs)),
        ratio,
        "at most " + decimals(most),
        verdict(ratio, ratio <= most));
  }

  /** NaN where neither way was measured. */
  private static double ours(List<Figure> figures, String step, String precision) {
    String form = isByCublas(figures, step, precision) ? Figure.OURS_BY_CUBLAS : Figure.OURS;
    return Figure.median(figures, step, precision, form);
  }

  private static boolean isByCublas(List<Figure> figures, String step, String precision) {
    double own = Figure.median(figures, step, precision, Figure.OURS);
    double byCublas = Figure.median(figures, step, precision, Figure.OURS_BY_CUBLAS);
    return byCublas < own || Double.isNaN(own) && !Double.isNaN(byCublas);
  }

  private static String how(List<Figure> figures, String step, String precision) {
    return isByCublas(figures, step, precision) ? " with --cublas" : "";
  }

  /** Every product counts: the goal is reached when the slowest one is. */
  private static Goal products(List<ProductRate> all) {
    List<ProductRate> rates =
        all.stream()
            .filter(r -> r.precision().equals("FP32") && !Double.isNaN(r.cublas()))
            .filter(r -> !r.isOfFewRows())
            .sorted(Comparator.comparingDouble(ProductRate::ratio))
            .toList();
    String what = "matrix products, fp32, the slowest beside cuBLAS";
    String wanted = "at least " + decimals(LEAST_PRODUCT);
    if (rates.isEmpty()) {
      return new Goal(what, "", "", Double.NaN, wanted, verdict(Double.NaN, false));
    }
    ProductRate least = rates.getFirst();
    long reached = rates.stream().filter(r -> r.ratio() >= LEAST_PRODUCT).count();
    return new Goal(
        what,
        String.format(Locale.ROOT, "%.1f TFLOP/s", least.ours()),
        String.format(
            Locale.ROOT,
            "cuBLAS: %.1f TFLOP/s, %s; %d of %d products reach it",
            least.cublas(),
            least.product(),
            reached,
            rates.size()),
        least.ratio(),
        wanted,
        verdict(least.ratio(), reached == rates.size()));
  }

  private static String verdict(double measured, boolean reached) {
    return Double.isNaN(measured) ? "not measured" : reached ? "reached" : "missed";
  }

  private static String millis(double ms) {
    return Double.isNaN(ms) ? "not measured" : String.format(Locale.ROOT, "%.3f ms", ms);
  }

  /** A ratio; empty where there is none. */
  static String decimals(double ratio) {
    return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio);
  }
}
