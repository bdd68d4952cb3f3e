package io.qgpo.tensor;

/** Element types of a {@link Storage}. */
public enum DType {
  /** 32-bit IEEE float: what networks are trained in. */
  FLOAT32(4),
  /** 64-bit IEEE float: what gradients and solvers are checked in. */
  FLOAT64(8),
  /** 32-bit integers: row indices and random-generator state. */
  INT32(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers. */
  public boolean isFloating() {
    return this != INT32;
  }
}
