package io.qgpo.tensor.io;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;

/**
 * A named array of any rank in C order, as array files hold it. The primitive array is shared with
 * the caller, not copied.
 */
public final class NamedArray {
  /** The longest array that every JVM can allocate. */
  static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  /** numpy's own limit up to version 1; no array in use comes near it. */
  static final int MAX_RANK = 32;

  private final String name;
  private final ElementType type;
  private final int[] shape;
  private final Object data;

  private NamedArray(String name, ElementType type, Object data, int[] shape) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = type;
    this.data = data;
    this.shape = shape.clone();
    long count = shape.length > MAX_RANK ? -1 : elementCount(toLongs(shape));
    if (count != Array.getLength(data)) {
      throw new IllegalArgumentException(
          ("NamedArray '%s': expected as many elements as shape %s holds, found %d; "
                  + "pass the whole array and its shape.")
              .formatted(name, Arrays.toString(shape), Array.getLength(data)));
    }
  }

  /** F32 array over {@code data}; no shape means a scalar, one element. */
  public static NamedArray of(String name, float[] data, int... shape) {
    return new NamedArray(name, ElementType.F32, data, shape);
  }

  /** F64 array over {@code data}. */
  public static NamedArray of(String name, double[] data, int... shape) {
    return new NamedArray(name, ElementType.F64, data, shape);
  }

  /** I32 array over {@code data}. */
  public static NamedArray of(String name, int[] data, int... shape) {
    return new NamedArray(name, ElementType.I32, data, shape);
  }

  /** I64 array over {@code data}. */
  public static NamedArray of(String name, long[] data, int... shape) {
    return new NamedArray(name, ElementType.I64, data, shape);
  }

  /** U8 array over {@code data}. */
  public static NamedArray of(String name, byte[] data, int... shape) {
    return new NamedArray(name, ElementType.U8, data, shape);
  }

  /** BOOL array over {@code data}. */
  public static NamedArray of(String name, boolean[] data, int... shape) {
    return new NamedArray(name, ElementType.BOOL, data, shape);
  }

  /** An array over {@code data}, a primitive array of the Java type that {@code type} names. */
  static NamedArray over(String name, ElementType type, Object data, int[] shape) {
    return new NamedArray(name, type, data, shape);
  }

  /**
   * Elements of an array of this shape, 1 for rank 0.
   *
   * @return the count, or -1 if a dimension is negative or the product too large for an array
   */
  static long elementCount(long[] shape) {
    long count = 1;
    for (long dimension : shape) {
      if (dimension < 0 || dimension > MAX_ELEMENTS) {
        return -1;
      }
      count *= dimension; // both below 2^31: no overflow
      if (count > MAX_ELEMENTS) {
        return -1;
      }
    }
    return count;
  }

  /** The name, unique in its file. */
  public String name() {
    return name;
  }

  /** The element type. */
  public ElementType type() {
    return type;
  }

  /** A copy of the shape; length 0 for a scalar. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  public int size() {
    return Array.getLength(data);
  }

  /**
   * The elements of an F32 array.
   *
   * @throws IllegalStateException if the type is another; so do the five methods below
   */
  public float[] floats() {
    return (float[]) data(ElementType.F32);
  }

  /** The elements of an F64 array. */
  public double[] doubles() {
    return (double[]) data(ElementType.F64);
  }

  /** The elements of an I32 array. */
  public int[] ints() {
    return (int[]) data(ElementType.I32);
  }

  /** The elements of an I64 array. */
  public long[] longs() {
    return (long[]) data(ElementType.I64);
  }

  /** The elements of a U8 array. */
  public byte[] bytes() {
    return (byte[]) data(ElementType.U8);
  }

  /** The elements of a BOOL array. */
  public boolean[] booleans() {
    return (boolean[]) data(ElementType.BOOL);
  }

  /** The same elements and shape under another name. */
  public NamedArray withName(String newName) {
    return new NamedArray(newName, type, data, shape);
  }

  Object data() {
    return data;
  }

  private Object data(ElementType wanted) {
    if (type != wanted) {
      throw new IllegalStateException(
          "NamedArray '%s': expected type %s, found %s; look at type() first."
              .formatted(name, wanted, type));
    }
    return data;
  }

  private static long[] toLongs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  @Override
  public String toString() {
    return "NamedArray[" + name + " " + type + " " + Arrays.toString(shape) + "]";
  }
}
