package io.qgpo.data.io;

import java.util.Arrays;

/** Doubles whose number is known only when the last has come. */
final class DoubleRows {
  private double[] values = new double[1024];
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Growth.capacity(size, Math.addExact(size, 1)));
    }
    values[size++] = value;
  }

  double[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
