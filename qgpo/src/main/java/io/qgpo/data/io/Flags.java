package io.qgpo.data.io;

import java.util.Arrays;

/** Booleans whose number is known only when the last has come. */
final class Flags {
  private boolean[] values = new boolean[1024];
  private int size;

  void add(boolean value) {
    add(new boolean[] {value});
  }

  void add(boolean[] more) {
    int needed = Math.addExact(size, more.length);
    if (needed > values.length) {
      values = Arrays.copyOf(values, Growth.capacity(values.length, needed));
    }
    System.arraycopy(more, 0, values, size, more.length);
    size = needed;
  }

  /** Sets the value added last. */
  void setLast(boolean value) {
    values[size - 1] = value;
  }

  boolean[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
