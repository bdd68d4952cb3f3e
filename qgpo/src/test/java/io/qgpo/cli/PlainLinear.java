package io.qgpo.cli;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.kernel.HostKernels;

/** A linear layer in plain loops, as a user would write it. */
public class PlainLinear implements HostKernels.Linear {
  static float get(Tensor tensor, int row, int column) {
    return HostStorage.floats(tensor)[place(tensor, row, column)];
  }

  static void set(Tensor tensor, int row, int column, double value) {
    HostStorage.floats(tensor)[place(tensor, row, column)] = (float) value;
  }

  private static int place(Tensor tensor, int row, int column) {
    return tensor.offset() + row * tensor.leadingDimension() + column;
  }

  @Override
  public void linear(
      Tensor x,
      Tensor weight,
      Tensor bias,
      Activation activation,
      Tensor residual,
      Tensor preActivation,
      Tensor out) {
    for (int r = 0; r < out.rows(); r++) {
      for (int c = 0; c < out.columns(); c++) {
        double z = bias == null ? 0 : get(bias, 0, c);
        for (int k = 0; k < x.columns(); k++) {
          z += (double) get(x, r, k) * get(weight, c, k);
        }
        if (preActivation != null) {
          set(preActivation, r, c, z);
        }
        set(out, r, c, activation.value(z) + (residual == null ? 0 : get(residual, r, c)));
      }
    }
  }
}
