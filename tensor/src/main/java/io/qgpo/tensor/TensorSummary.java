package io.qgpo.tensor;

import java.util.Locale;

/** How a tensor is printed. */
final class TensorSummary {
  private static final int SHOWN = 6;

  private TensorSummary() {}

  static String of(Tensor tensor) {
    String head = "Tensor " + tensor.shape() + " " + tensor.dtype();
    if (tensor.size() == 0) {
      return head + " (no elements)";
    }
    if (tensor.dtype() == DType.INT32) {
      int[] values = tensor.toIntArray();
      StringBuilder text = new StringBuilder(head).append(" {");
      for (int i = 0; i < Math.min(SHOWN, values.length); i++) {
        text.append(i == 0 ? "" : ", ").append(values[i]);
      }
      return text.append(values.length > SHOWN ? ", ...}" : "}").toString();
    }
    return head + floating(tensor.toDoubleArray());
  }

  private static String floating(double[] values) {
    StringBuilder text = new StringBuilder(" {");
    for (int i = 0; i < Math.min(SHOWN, values.length); i++) {
      text.append(i == 0 ? "" : ", ").append(String.format(Locale.ROOT, "%.6g", values[i]));
    }
    text.append(values.length > SHOWN ? ", ...}" : "}");
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    int nan = 0;
    int infinite = 0;
    for (double value : values) {
      if (Double.isNaN(value)) {
        nan++;
      } else if (Double.isInfinite(value)) {
        infinite++;
      } else {
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
      }
    }
    int finite = values.length - nan - infinite;
    if (finite > 0) {
      text.append(
          String.format(Locale.ROOT, " mean %.6g min %.6g max %.6g", sum / finite, min, max));
    }
    return text.append(" NaN ").append(nan).append(" Inf ").append(infinite).toString();
  }
}
