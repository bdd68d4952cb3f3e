package io.qgpo.verify;

import java.util.function.Supplier;

/** Something that is computed when it is first asked for, and then kept. For one thread. */
final class Lazy<T> implements Supplier<T> {
  private Supplier<T> compute;
  private T value;

  private Lazy(Supplier<T> compute) {
    this.compute = compute;
  }

  static <T> Supplier<T> of(Supplier<T> compute) {
    return new Lazy<>(compute);
  }

  @Override
  public T get() {
    if (compute != null) {
      value = compute.get();
      compute = null;
    }
    return value;
  }
}
