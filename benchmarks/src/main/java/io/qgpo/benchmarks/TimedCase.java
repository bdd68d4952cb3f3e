package io.qgpo.benchmarks;

/** A case made ready in one library: memory filled, networks made. */
public interface TimedCase extends AutoCloseable {
  /** One call, completed when it returns. */
  void call();

  /** A number that tells what was computed: the mean loss since it was last asked, an element. */
  double result();

  /** Gives back what it holds. */
  @Override
  default void close() {}
}
