package io.qgpo.cuda;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ScalarBackend;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;

/** A matrix of random numbers on the device, and the same in float64 for the oracle. */
final class CheckedMatrix {
  private final ScalarBackend oracle;
  final float[] values;
  final Tensor tensor;
  final DeviceMatrix device;
  float[] initial;

  CheckedMatrix(
      CudaDriver driver,
      ScalarBackend oracle,
      Random random,
      int rows,
      int columns,
      int leadingDimension) {
    this.oracle = oracle;
    values = new float[rows * leadingDimension];
    tensor = Tensor.empty(oracle, DType.FLOAT64, Shape.of(rows, columns));
    device =
        new DeviceMatrix(driver.allocate(rows * leadingDimension), rows, columns, leadingDimension);
    Arrays.fill(values, Float.NaN);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        values[r * leadingDimension + c] = 2 * random.nextFloat() - 1;
      }
    }
    upload();
  }

  /** Replaces the first values of a matrix without gaps. */
  void set(int count, IntFunction<Float> value) {
    for (int i = 0; i < count; i++) {
      values[i] = value.apply(i);
    }
    upload();
  }

  void keepInitial() {
    initial = values.clone();
  }

  private void upload() {
    double[] matrix = new double[device.rows() * device.columns()];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = values[place(i)];
    }
    oracle.write(matrix, 0, tensor);
    device.memory().write(values);
  }

  private int place(int i) {
    return i / device.columns() * device.leadingDimension() + i % device.columns();
  }

  /** NaN if a gap was written to. */
  double error(float[] result) {
    double[] expected = new double[device.rows() * device.columns()];
    oracle.read(tensor, expected, 0);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(result[place(i)] - expected[i], 2);
      norm += expected[i] * expected[i];
      result[place(i)] = Float.NaN;
    }
    for (float gap : result) {
      if (!Float.isNaN(gap)) {
        return Double.NaN;
      }
    }
    return Math.sqrt(difference / Math.max(norm, expected.length));
  }
}
