package io.qgpo.tensor;

/**
 * A view of a {@link Storage}: a shape, an offset, and a leading dimension. Elements of a row are
 * adjacent; consecutive rows (all axes but the last, folded) are {@link #leadingDimension()} apart.
 * A slice of columns or rows is therefore a view, and so is the destination of a concatenation.
 *
 * <p>A tensor is a handle: it remembers its storage's generation, and using it after its {@link
 * Scope} closed throws.
 */
public final class Tensor {
  private final Storage storage;
  private final int generation;
  private final int offset;
  private final Shape shape;
  private final int leadingDimension;

  Tensor(Storage storage, int offset, Shape shape, int leadingDimension) {
    this.storage = storage;
    this.generation = storage.generation;
    this.offset = offset;
    this.shape = shape;
    this.leadingDimension = leadingDimension;
  }

  /** A contiguous tensor with undefined content, in the current {@link Scope} if one is open. */
  public static Tensor empty(Backend backend, DType dtype, Shape shape) {
    return Scope.allocate(backend, dtype, shape);
  }

  /** Zeros that no scope holds, whichever is open: for what outlives the call that makes it. */
  public static Tensor lasting(Backend backend, DType dtype, Shape shape) {
    return all(backend.allocate(dtype, shape.size()), shape);
  }

  /** A contiguous tensor from a storage's first element on. */
  static Tensor all(Storage storage, Shape shape) {
    return new Tensor(storage, storage.start(), shape, shape.columns());
  }

  /** A tensor of zeros. */
  public static Tensor zeros(Backend backend, DType dtype, Shape shape) {
    return full(backend, dtype, shape, 0);
  }

  /** A tensor of one value. */
  public static Tensor full(Backend backend, DType dtype, Shape shape, double value) {
    Tensor tensor = empty(backend, dtype, shape);
    backend.fill(tensor, value);
    return tensor;
  }

  /**
   * A float32 tensor of the given elements, in row order.
   *
   * @throws IllegalArgumentException if there are not exactly as many as the shape holds
   */
  public static Tensor of(Backend backend, Shape shape, float... values) {
    checkCount(shape, values.length);
    Tensor tensor = empty(backend, DType.FLOAT32, shape);
    backend.write(values, 0, tensor);
    return tensor;
  }

  /** A floating-point tensor of the given elements, rounded to its type. */
  public static Tensor of(Backend backend, DType dtype, Shape shape, double... values) {
    checkCount(shape, values.length);
    Tensor tensor = empty(backend, dtype, shape);
    tensor.write(values);
    return tensor;
  }

  /** An int32 tensor of the given elements. */
  public static Tensor of(Backend backend, Shape shape, int... values) {
    checkCount(shape, values.length);
    Tensor tensor = empty(backend, DType.INT32, shape);
    backend.write(values, 0, tensor);
    return tensor;
  }

  private static void checkCount(Shape shape, int count) {
    if (shape.size() != count) {
      throw new IllegalArgumentException(
          "Tensor.of: shape " + shape + " holds " + shape.size() + " elements, found " + count);
    }
  }

  /**
   * The storage.
   *
   * @throws IllegalStateException if the scope that held this tensor has closed
   */
  public Storage storage() {
    if (storage.generation != generation) {
      throw new IllegalStateException(
          "Tensor "
              + storage.dtype()
              + " "
              + shape
              + " is used after the scope '"
              + storage.lastOwner
              + "' that held it gave its storage back; keep it with scope.escape(tensor)");
    }
    return storage;
  }

  /** The device of this tensor. */
  public Backend backend() {
    return storage.backend();
  }

  /** The element type. */
  public DType dtype() {
    return storage.dtype();
  }

  /** The extents. */
  public Shape shape() {
    return shape;
  }

  /** Elements in the tensor. */
  public int size() {
    return shape.size();
  }

  /** The index in the storage of the first element. */
  public int offset() {
    return offset;
  }

  /** The distance in the storage between the starts of consecutive rows. */
  public int leadingDimension() {
    return leadingDimension;
  }

  /** Rows of the matrix this tensor folds to. */
  public int rows() {
    return shape.rows();
  }

  /** Columns of the matrix this tensor folds to. */
  public int columns() {
    return shape.columns();
  }

  /** Whether the elements lie without gaps. */
  public boolean isContiguous() {
    return leadingDimension == shape.columns() || shape.rows() <= 1;
  }

  /**
   * The distance in the storage between neighbours along an axis of the shape padded to rank 4; 0
   * where the extent is 1, so that the same number serves broadcasting.
   */
  public int stride(int axis) {
    if (shape.aligned(axis) == 1) {
      return 0;
    }
    int stride = axis == Shape.MAX_RANK - 1 ? 1 : leadingDimension;
    for (int inner = axis + 1; inner < Shape.MAX_RANK - 1; inner++) {
      stride *= shape.aligned(inner);
    }
    return stride;
  }

  /**
   * A view of columns {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @throws IndexOutOfBoundsException if they are not within the columns
   */
  public Tensor columns(int from, int to) {
    checkRange("columns", from, to, shape.columns());
    return new Tensor(storage(), offset + from, shape.withColumns(to - from), leadingDimension);
  }

  /**
   * A view of block {@code i} of {@code blocks} equal blocks of the rows of the folded matrix.
   *
   * @return a matrix
   * @throws IllegalArgumentException if the rows are no such number of equal blocks
   * @throws IndexOutOfBoundsException if there is no such block
   */
  public Tensor rowBlock(int i, int blocks) {
    if (blocks < 1 || rows() % blocks != 0) {
      throw new IllegalArgumentException(
          "Tensor.rowBlock: expected rows of " + blocks + " equal blocks, found " + shape);
    }
    int size = rows() / blocks;
    return rows(i * size, (i + 1) * size);
  }

  /**
   * A view of rows {@code from} (inclusive) to {@code to} (exclusive) of the folded matrix.
   *
   * @return a matrix
   * @throws IndexOutOfBoundsException if they are not within the rows
   */
  public Tensor rows(int from, int to) {
    checkRange("rows", from, to, shape.rows());
    return new Tensor(
        storage(),
        offset + from * leadingDimension,
        Shape.of(to - from, shape.columns()),
        leadingDimension);
  }

  /**
   * Whether the other tensor has other columns of a matrix than this one, as {@link #columns} makes
   * them, so that they share storage and no element. False says nothing.
   */
  public boolean isBeside(Tensor other) {
    boolean comparable = storage() == other.storage() && leadingDimension == other.leadingDimension;
    if (!comparable || leadingDimension == 0) {
      return false;
    }
    int start = storage().start();
    int mine = (offset - start) % leadingDimension;
    int theirs = (other.offset - start) % leadingDimension;
    int left = Math.min(mine, theirs);
    int leftColumns = mine < theirs ? columns() : other.columns();
    int right = Math.max(mine, theirs);
    int rightColumns = mine < theirs ? other.columns() : columns();
    return left + leftColumns <= right && right + rightColumns <= leadingDimension;
  }

  /**
   * This and the columns behind it as one view.
   *
   * @return null if {@code right} does not begin, in the same rows, where this ends
   */
  public Tensor joined(Tensor right) {
    boolean beside =
        storage() == right.storage()
            && leadingDimension == right.leadingDimension
            && right.offset == offset + columns()
            && columns() + right.columns() <= leadingDimension
            && shape.rank() > 0
            && right.shape.equals(shape.withColumns(right.columns()));
    return beside
        ? new Tensor(
            storage(), offset, shape.withColumns(columns() + right.columns()), leadingDimension)
        : null;
  }

  private void checkRange(String what, int from, int to, int limit) {
    if (from < 0 || to < from || to > limit) {
      throw new IndexOutOfBoundsException(
          "Tensor."
              + what
              + ": "
              + from
              + " to "
              + to
              + " is outside 0 to "
              + limit
              + " of "
              + shape);
    }
  }

  /**
   * A view of the same elements in another shape.
   *
   * @throws IllegalArgumentException if the sizes differ, or if rows have gaps between them and the
   *     last extent changes (copy it first)
   */
  public Tensor reshape(Shape target) {
    if (target.size() != shape.size()) {
      throw new IllegalArgumentException(
          "Tensor.reshape: "
              + shape
              + " holds "
              + shape.size()
              + " elements, "
              + target
              + " holds "
              + target.size());
    }
    if (!canReshape(target)) {
      throw new IllegalArgumentException(
          "Tensor.reshape: the rows of "
              + shape
              + " are "
              + leadingDimension
              + " apart, so "
              + target
              + " is no view of it; copy it first");
    }
    boolean sameRows = target.columns() == shape.columns() && shape.size() > 0;
    int ld = sameRows ? leadingDimension : target.columns();
    return new Tensor(storage(), offset, target, ld);
  }

  /** Whether {@link #reshape} to a shape of equal size is possible without a copy. */
  public boolean canReshape(Shape target) {
    return isContiguous() || target.columns() == shape.columns();
  }

  /** A contiguous copy in the current {@link Scope}. */
  public Tensor copy() {
    Tensor out = empty(backend(), dtype(), shape);
    backend().copy(this, out);
    return out;
  }

  /** The elements in row order, as floats. For float32 tensors. */
  public float[] toFloatArray() {
    float[] values = new float[size()];
    backend().read(this, values, 0);
    return values;
  }

  /**
   * Overwrites the elements, in row order, rounding them to this tensor's type. For either
   * floating-point type.
   *
   * @param values as many as there are elements
   * @throws IllegalArgumentException if there are more or fewer
   */
  public void write(double... values) {
    if (values.length != size()) {
      throw new IllegalArgumentException(
          "Tensor.write: expected " + size() + " elements, found " + values.length);
    }
    if (dtype() == DType.FLOAT64) {
      backend().write(values, 0, this);
      return;
    }
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) values[i];
    }
    backend().write(rounded, 0, this);
  }

  /** The elements in row order, as doubles. For either floating-point type. */
  public double[] toDoubleArray() {
    double[] values = new double[size()];
    if (dtype() == DType.FLOAT64) {
      backend().read(this, values, 0);
    } else {
      float[] floats = toFloatArray();
      for (int i = 0; i < floats.length; i++) {
        values[i] = floats[i];
      }
    }
    return values;
  }

  /** The elements in row order. For int32 tensors. */
  public int[] toIntArray() {
    int[] values = new int[size()];
    backend().read(this, values, 0);
    return values;
  }

  /**
   * The only element, as a double. Reads from the device, so never inside a replayed step.
   *
   * @throws IllegalStateException if there is not exactly one
   */
  public double item() {
    if (size() != 1) {
      throw new IllegalStateException("Tensor.item: needs exactly one element, found " + shape);
    }
    return backend().readItem(this);
  }

  /** Shape, type, a summary of the elements, and how many are NaN or infinite. */
  @Override
  public String toString() {
    return TensorSummary.of(this);
  }
}
