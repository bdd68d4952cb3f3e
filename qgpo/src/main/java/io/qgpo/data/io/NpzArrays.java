package io.qgpo.data.io;

import io.qgpo.data.DataException;
import io.qgpo.data.RowArray;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.Npz;
import java.util.Arrays;
import java.util.Set;

/**
 * The arrays of an npz file with D4RL's keys; booleans may be any numbers that are 0 or 1, and
 * numbers may be integers.
 */
final class NpzArrays implements KeyedArrays {
  private final String file;
  private final Npz npz;

  /**
   * @param file its name for errors
   * @param npz the open file
   */
  NpzArrays(String file, Npz npz) {
    this.file = file;
    this.npz = npz;
  }

  @Override
  public Set<String> keys() {
    return npz.names();
  }

  @Override
  public Matrix matrix(String key) {
    NamedArray array = npz.read(key);
    int[] shape = array.shape();
    if (shape.length != 2 || shape[1] < 1) {
      throw fault(key, "shape [rows, columns]", Arrays.toString(shape));
    }
    return new Matrix(shape[0], shape[1], floats(key, array));
  }

  @Override
  public float[] floatColumn(String key) {
    return floats(key, column(key));
  }

  @Override
  public boolean[] booleanColumn(String key) {
    NamedArray array = column(key);
    return NumberArrays.flags(file, key, values(array));
  }

  @Override
  public RowArray rowArray(String key) {
    NamedArray array = npz.read(key);
    int[] shape = array.shape();
    if (shape.length != 1 && (shape.length != 2 || shape[1] < 1)) {
      throw fault(key, "shape [rows] or [rows, columns]", Arrays.toString(shape));
    }
    return NumberArrays.rowArray(file, key, shape, values(array));
  }

  private static Object values(NamedArray array) {
    return switch (array.type()) {
      case BOOL -> array.booleans();
      case U8 -> unsigned(array.bytes());
      case I32 -> array.ints();
      case I64 -> array.longs();
      case F32 -> array.floats();
      case F64 -> array.doubles();
    };
  }

  private static int[] unsigned(byte[] bytes) {
    int[] out = new int[bytes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return out;
  }

  private NamedArray column(String key) {
    NamedArray array = npz.read(key);
    int[] shape = array.shape();
    if (shape.length != 1 && (shape.length != 2 || shape[1] != 1)) {
      throw fault(key, "shape [rows] or [rows, 1]", Arrays.toString(shape));
    }
    return array;
  }

  private float[] floats(String key, NamedArray array) {
    return NumberArrays.singles(file, key, values(array));
  }

  private DataException fault(String key, String expected, String found) {
    return DataException.ofKey(file, key, expected, found);
  }
}
