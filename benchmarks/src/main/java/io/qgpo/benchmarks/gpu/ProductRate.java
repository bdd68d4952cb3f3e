package io.qgpo.benchmarks.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A matrix product beside cuBLAS', as a line of the table that {@code io.qgpo.cuda.KernelBench}
 * prints.
 *
 * @param product form and sizes, as in {@code NT 4096 x 512 x 512}
 * @param precision FP32 or TF32
 * @param ours TFLOP/s
 * @param cublas TFLOP/s; NaN where there is no cuBLAS
 */
record ProductRate(String product, String precision, double ours, double cublas) {
  private static final Pattern LINE =
      Pattern.compile(
          "\\| ([NT]{2} \\d+ x \\d+ x \\d+) \\| (FP32|TF32) \\| \\S+ \\| (\\S+) \\| \\S+ \\| (\\S+)"
              + " \\| \\S+ \\|");

  /** Ours of cuBLAS'. */
  double ratio() {
    return ours / cublas;
  }

  /** Whether it is one of 1 to 16 rows, which a server computes and no training step. */
  boolean isOfFewRows() {
    return product.matches("N[NT] (\\d|1[0-6]) x .*");
  }

  /** The products among lines; others are passed over. */
  static List<ProductRate> parse(List<String> lines) {
    List<ProductRate> rates = new ArrayList<>();
    for (String line : lines) {
      Matcher m = LINE.matcher(line);
      if (m.matches()) {
        rates.add(
            new ProductRate(
                m.group(1),
                m.group(2),
                Double.parseDouble(m.group(3)),
                Double.parseDouble(m.group(4))));
      }
    }
    return rates;
  }
}
