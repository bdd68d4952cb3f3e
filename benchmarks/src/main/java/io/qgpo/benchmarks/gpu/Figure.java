package io.qgpo.benchmarks.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time of a step, as a line of a table that {@link StepTimes} and {@code torch_steps.py} print.
 *
 * @param precision of matrix products: fp32 or TF32
 * @param form who computed, and how: qgpo, cublas (qgpo, large products by it), eager or graph
 * @param median ms
 * @param least ms
 * @param greatest ms
 */
record Figure(
    String step, String precision, String form, double median, double least, double greatest) {
  private static final Pattern LINE =
      Pattern.compile(
          "\\| (.+?) \\| (fp32|TF32) \\| (\\w+) \\| ([0-9.]+) \\| ([0-9.]+) to ([0-9.]+) \\|.*");

  static final String OURS = "qgpo";
  static final String OURS_BY_CUBLAS = "cublas";

  static final String BEHAVIOUR = "behaviour step, batch 4096";
  static final String GUIDANCE = "Q + energy step, batch 256 x 16";
  static final String SAMPLE_1 = "15 guided evaluations, 1 state";
  static final String SAMPLE_4096 = "15 guided evaluations, 4096 states";
  static final List<String> STEPS = List.of(BEHAVIOUR, GUIDANCE, SAMPLE_1, SAMPLE_4096);

  /** The line that {@link #parse} reads. */
  String line() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.3f | %.3f to %.3f |",
        step,
        precision,
        form,
        median,
        least,
        greatest);
  }

  /** The figures among lines; others are passed over. */
  static List<Figure> parse(List<String> lines) {
    List<Figure> figures = new ArrayList<>();
    for (String line : lines) {
      Matcher m = LINE.matcher(line);
      if (m.matches()) {
        figures.add(
            new Figure(
                m.group(1),
                m.group(2),
                m.group(3),
                Double.parseDouble(m.group(4)),
                Double.parseDouble(m.group(5)),
                Double.parseDouble(m.group(6))));
      }
    }
    return figures;
  }

  /** The median of a step; NaN where it was not measured. */
  static double median(List<Figure> figures, String step, String precision, String form) {
    return figures.stream()
        .filter(f -> f.step.equals(step) && f.precision.equals(precision) && f.form.equals(form))
        .mapToDouble(Figure::median)
        .findFirst()
        .orElse(Double.NaN);
  }
}
