package io.qgpo.tensor;

/**
 * A named stream of random numbers. Its state is a tensor, so that drawing is an operation like any
 * other: the device reads and advances it, and a saved state resumes the stream exactly.
 *
 * <p>Streams of one seed and different names are independent: the Philox key is a 64-bit hash of
 * both. State: [key low, key high, counter low, counter high].
 */
public final class Rng {
  private final Tensor state;

  /** The stream of this name at its start. */
  public Rng(Backend backend, long seed, String name) {
    if (Scope.isOpen()) {
      throw new IllegalStateException(
          "Rng: create stream '" + name + "' outside any scope, since it outlives the scope");
    }
    long key = Philox.key(seed, name);
    state = Tensor.of(backend, Shape.of(4), (int) key, (int) (key >>> 32), 0, 0);
  }

  /** The state tensor, int32 of 4. */
  public Tensor state() {
    return state;
  }

  /** The state as numbers, to be saved. */
  public int[] save() {
    return state.toIntArray();
  }

  /** Continues from a saved state. */
  public void restore(int[] saved) {
    if (saved.length != 4) {
      throw new IllegalArgumentException(
          "Rng.restore: expected a state of 4 numbers, found " + saved.length);
    }
    state.backend().write(saved, 0, state);
  }

  /** A new tensor of standard normal numbers. */
  public Tensor normal(DType dtype, Shape shape) {
    Tensor out = Tensor.empty(state.backend(), dtype, shape);
    state.backend().normal(state, out);
    return out;
  }

  /** A new tensor of numbers uniform on [low, high). */
  public Tensor uniform(DType dtype, Shape shape, double low, double high) {
    Tensor out = Tensor.empty(state.backend(), dtype, shape);
    state.backend().uniform(state, low, high, out);
    return out;
  }

  /** A new int32 tensor of {@code n} numbers uniform on 0 to bound-1. */
  public Tensor indices(int n, int bound) {
    Tensor out = Tensor.empty(state.backend(), DType.INT32, Shape.of(n));
    state.backend().randomIndices(state, bound, out);
    return out;
  }
}
