package io.qgpo.tensor;

/**
 * The extents of a tensor of rank 0 to 4, outermost first. Immutable; one small object and no
 * array, since every operation makes one.
 *
 * <p>Every shape can be read as a matrix of {@link #rows()} by {@link #columns()}: the last extent
 * is the columns, the product of the others the rows.
 */
public final class Shape {
  /** The highest rank. */
  public static final int MAX_RANK = 4;

  /** The shape of a single number. */
  public static final Shape SCALAR = new Shape(0, 1, 1, 1, 1);

  private final int rank;
  // Right-aligned: d3 is always the last extent, unused leading extents are 1.
  private final int d0;
  private final int d1;
  private final int d2;
  private final int d3;

  private Shape(int rank, int d0, int d1, int d2, int d3) {
    this.rank = rank;
    this.d0 = d0;
    this.d1 = d1;
    this.d2 = d2;
    this.d3 = d3;
    long size = 1;
    for (int axis = 0; axis < MAX_RANK; axis++) {
      int extent = aligned(axis);
      if (extent < 0) {
        throw new IllegalArgumentException("Shape: extents must be 0 or more, found " + this);
      }
      size = size * extent;
      if (size > Integer.MAX_VALUE) {
        throw new TensorSizeException(this);
      }
    }
  }

  /** A vector of {@code n} elements. */
  public static Shape of(int n) {
    return new Shape(1, 1, 1, 1, n);
  }

  /** A matrix. */
  public static Shape of(int rows, int columns) {
    return new Shape(2, 1, 1, rows, columns);
  }

  /** A rank-3 shape. */
  public static Shape of(int d0, int d1, int d2) {
    return new Shape(3, 1, d0, d1, d2);
  }

  /** A rank-4 shape. */
  public static Shape of(int d0, int d1, int d2, int d3) {
    return new Shape(4, d0, d1, d2, d3);
  }

  /**
   * A shape from 0 to 4 extents.
   *
   * @throws IllegalArgumentException for more than 4 extents, or a negative one
   */
  public static Shape ofDims(int... dims) {
    return switch (dims.length) {
      case 0 -> SCALAR;
      case 1 -> of(dims[0]);
      case 2 -> of(dims[0], dims[1]);
      case 3 -> of(dims[0], dims[1], dims[2]);
      case 4 -> of(dims[0], dims[1], dims[2], dims[3]);
      default ->
          throw new IllegalArgumentException(
              "Shape: rank 0 to 4 is supported, found "
                  + dims.length
                  + " extents; fold leading extents together");
    };
  }

  /** The number of extents, 0 to 4. */
  public int rank() {
    return rank;
  }

  /**
   * The extent of an axis; negative axes count from the last.
   *
   * @throws IndexOutOfBoundsException if there is no such axis
   */
  public int dim(int axis) {
    int a = axis < 0 ? axis + rank : axis;
    if (a < 0 || a >= rank) {
      throw new IndexOutOfBoundsException(
          "Shape.dim: axis " + axis + " is outside the rank " + rank + " of " + this);
    }
    return aligned(a + MAX_RANK - rank);
  }

  /** The extent at an axis of the shape padded with leading 1s to rank 4. */
  public int aligned(int axis) {
    return switch (axis) {
      case 0 -> d0;
      case 1 -> d1;
      case 2 -> d2;
      default -> d3;
    };
  }

  /** The number of elements. */
  public int size() {
    return d0 * d1 * d2 * d3;
  }

  /** The product of all extents but the last. */
  public int rows() {
    return d0 * d1 * d2;
  }

  /** The last extent (1 for a scalar). */
  public int columns() {
    return d3;
  }

  /** This shape with its last extent replaced; a scalar becomes a vector. */
  public Shape withColumns(int columns) {
    return new Shape(Math.max(rank, 1), d0, d1, d2, columns);
  }

  /**
   * The shape that both broadcast to by NumPy's rule: aligned at the last axis, extents equal or 1.
   *
   * @param op the operation, for the message
   * @throws IllegalArgumentException if they do not broadcast
   */
  public static Shape broadcast(String op, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    for (int axis = 0; axis < MAX_RANK; axis++) {
      int x = a.aligned(axis);
      int y = b.aligned(axis);
      if (x != y && x != 1 && y != 1) {
        throw new IllegalArgumentException(
            op
                + ": shapes "
                + a
                + " and "
                + b
                + " do not broadcast: aligned at the last axis, extents must be equal or 1, found "
                + x
                + " against "
                + y);
      }
    }
    return new Shape(
        Math.max(a.rank, b.rank),
        stretch(a.d0, b.d0),
        stretch(a.d1, b.d1),
        stretch(a.d2, b.d2),
        stretch(a.d3, b.d3));
  }

  private static int stretch(int x, int y) {
    return x == 1 ? y : x;
  }

  /** Whether this shape broadcasts to {@code target} without changing it. */
  public boolean broadcastsTo(Shape target) {
    if (rank > target.rank) {
      return false;
    }
    for (int axis = 0; axis < MAX_RANK; axis++) {
      int x = aligned(axis);
      if (x != target.aligned(axis) && x != 1) {
        return false;
      }
    }
    return true;
  }

  /** The extents as a new array. */
  public int[] toArray() {
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = dim(i);
    }
    return dims;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s
        && rank == s.rank
        && d0 == s.d0
        && d1 == s.d1
        && d2 == s.d2
        && d3 == s.d3;
  }

  @Override
  public int hashCode() {
    return ((((rank * 31) + d0) * 31 + d1) * 31 + d2) * 31 + d3;
  }

  /** As in {@code [4096, 3]}; {@code []} for a scalar. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int axis = MAX_RANK - rank; axis < MAX_RANK; axis++) {
      text.append(axis > MAX_RANK - rank ? ", " : "").append(aligned(axis));
    }
    return text.append(']').toString();
  }
}
