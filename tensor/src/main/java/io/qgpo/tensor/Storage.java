package io.qgpo.tensor;

/**
 * A run of elements on one device. Storage is pooled by {@link Scope}; every return to the pool
 * starts a new generation, which is how a {@link Tensor} used after its scope ended is caught.
 */
public abstract class Storage {
  private final Backend backend;
  private final DType dtype;
  private final int size;

  // Scope's bookkeeping.
  int generation;
  Scope owner;
  String lastOwner;

  /**
   * For backends.
   *
   * @param size elements this storage holds
   */
  protected Storage(Backend backend, DType dtype, int size) {
    this.backend = backend;
    this.dtype = dtype;
    this.size = size;
  }

  /** The device that holds the elements. */
  public final Backend backend() {
    return backend;
  }

  /** The element type. */
  public final DType dtype() {
    return dtype;
  }

  /** Index of the first element in what holds them: the offset of a tensor that starts there. */
  public int start() {
    return 0;
  }

  /** The number of elements. */
  public final int size() {
    return size;
  }
}
