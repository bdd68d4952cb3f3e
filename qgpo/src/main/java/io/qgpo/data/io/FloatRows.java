package io.qgpo.data.io;

import java.util.Arrays;

/** Floats whose number is known only when the last has come. */
final class FloatRows {
  private float[] values = new float[1024];
  private int size;

  void add(float value) {
    reserve(1);
    values[size++] = value;
  }

  /** Appends {@code count} values of an array. */
  void add(float[] more, int count) {
    reserve(count);
    System.arraycopy(more, 0, values, size, count);
    size += count;
  }

  int size() {
    return size;
  }

  float[] toArray() {
    return Arrays.copyOf(values, size);
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > values.length) {
      values = Arrays.copyOf(values, Growth.capacity(values.length, needed));
    }
  }
}
