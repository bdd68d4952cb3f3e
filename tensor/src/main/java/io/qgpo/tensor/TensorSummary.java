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
      return head + whole(tensor.toIntArray());
    }
    return head + floating(tensor.toDoubleArray());
  }

  private static String whole(int[] values) {
    StringBuilder text = new StringBuilder(" {");
    for (int i = 0; i < Math.min(SHOWN, values.length); i++) {
      text.append(i == 0 ? "" : ", ").append(values[i]);
    }
    text.append(values.length > SHOWN ? ", ...}" : "}");
    int min = values[0];
    int max = values[0];
    for (int value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return text.append(" min ").append(min).append(" max ").append(max).toString();
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
