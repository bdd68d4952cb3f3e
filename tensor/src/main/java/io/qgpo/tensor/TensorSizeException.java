package io.qgpo.tensor;

/** More elements are asked for than one tensor may have. */
public final class TensorSizeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Of that shape. */
  TensorSizeException(Shape shape) {
    super("Shape: at most 2^31-1 elements fit one tensor, found " + shape + "; split the batch");
  }
}
