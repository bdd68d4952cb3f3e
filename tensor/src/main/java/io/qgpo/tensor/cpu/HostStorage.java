package io.qgpo.tensor.cpu;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Storage;
import io.qgpo.tensor.Tensor;

/** Storage in a Java array: one of the three is there, by type. */
public final class HostStorage extends Storage {
  private final float[] floats;
  private final double[] doubles;
  private final int[] ints;

  /**
   * Zeroed storage.
   *
   * @param backend whose {@link Backend#allocate} makes it; what is computed with its tensors is
   *     asked of that one
   */
  public HostStorage(Backend backend, DType dtype, int size) {
    super(backend, dtype, size);
    floats = dtype == DType.FLOAT32 ? AlignedFloats.allocate(size) : null;
    doubles = dtype == DType.FLOAT64 ? new double[size] : null;
    ints = dtype == DType.INT32 ? new int[size] : null;
  }

  @Override
  public int start() {
    return floats != null ? AlignedFloats.START : 0;
  }

  /** Whether a backend's tensors are Java arrays. */
  public static boolean isThatOf(Backend backend) {
    return backend.allocate(DType.FLOAT32, 0) instanceof HostStorage;
  }

  /** The array of a float32 tensor on a host backend. */
  public static float[] floats(Tensor tensor) {
    return check(of(tensor).floats, "FLOAT32", tensor);
  }

  /** The array of a float64 tensor on a host backend. */
  public static double[] doubles(Tensor tensor) {
    return check(of(tensor).doubles, "FLOAT64", tensor);
  }

  /** The array of an int32 tensor on a host backend. */
  public static int[] ints(Tensor tensor) {
    return check(of(tensor).ints, "INT32", tensor);
  }

  private static <T> T check(T array, String expected, Tensor tensor) {
    if (array == null) {
      throw new IllegalArgumentException(
          "tensor of type "
              + expected
              + " expected, found "
              + tensor.dtype()
              + " "
              + tensor.shape());
    }
    return array;
  }

  /** Where the element is that comes at place {@code i} in row order. */
  public static int index(Tensor tensor, int i) {
    if (tensor.isContiguous()) {
      return tensor.offset() + i;
    }
    int columns = tensor.columns();
    return tensor.offset() + i / columns * tensor.leadingDimension() + i % columns;
  }

  static HostStorage of(Tensor tensor) {
    if (tensor.storage() instanceof HostStorage host) {
      return host;
    }
    throw new IllegalArgumentException(
        "tensor "
            + tensor.shape()
            + " is on backend "
            + tensor.backend().name()
            + ", expected one in host memory");
  }

  double get(int index) {
    return floats != null ? floats[index] : doubles != null ? doubles[index] : ints[index];
  }

  void set(int index, double value) {
    if (floats != null) {
      floats[index] = (float) value;
    } else if (doubles != null) {
      doubles[index] = value;
    } else {
      ints[index] = (int) value;
    }
  }
}
