package io.qgpo.data.io;

import io.qgpo.data.DataException;
import io.qgpo.data.RowArray;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.Npz;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

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
    return switch (array.type()) {
      case BOOL -> array.booleans();
      case U8 -> truths(key, array.size(), i -> array.bytes()[i]);
      case I32 -> truths(key, array.size(), i -> array.ints()[i]);
      case I64 -> truths(key, array.size(), i -> array.longs()[i]);
      case F32 -> truths(key, array.size(), i -> array.floats()[i]);
      case F64 -> truths(key, array.size(), i -> array.doubles()[i]);
    };
  }

  @Override
  public RowArray rowArray(String key) {
    NamedArray array = npz.read(key);
    int[] shape = array.shape();
    boolean vector = shape.length == 1;
    if (!vector && (shape.length != 2 || shape[1] < 1)) {
      throw fault(key, "shape [rows] or [rows, columns]", Arrays.toString(shape));
    }
    return switch (array.type()) {
      case F32 ->
          vector ? RowArray.vector(array.floats()) : RowArray.matrix(shape[1], array.floats());
      case F64 -> rowArray(vector, shape, array.doubles());
      default -> rowArray(vector, shape, whole(array).doubles(file, key));
    };
  }

  private static RowArray rowArray(boolean vector, int[] shape, double[] values) {
    return vector ? RowArray.vector(values) : RowArray.matrix(shape[1], values);
  }

  private static WholeNumbers whole(NamedArray array) {
    return WholeNumbers.of(
        switch (array.type()) {
          case BOOL -> array.booleans();
          case U8 -> unsigned(array.bytes());
          case I32 -> array.ints();
          case I64 -> array.longs();
          case F32, F64 -> throw new IllegalStateException(array.type() + " is no integer");
        });
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
    return switch (array.type()) {
      case F32 -> array.floats();
      case F64 -> {
        double[] wide = array.doubles();
        float[] out = new float[wide.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = (float) wide[i];
        }
        yield out;
      }
      default -> whole(array).singles(file, key);
    };
  }

  private boolean[] truths(String key, int rows, IntToDoubleFunction value) {
    boolean[] out = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      double v = value.applyAsDouble(i);
      if (v != 0 && v != 1) {
        throw DataException.ofRow(file, key, i, "true (1) or false (0)", String.valueOf(v));
      }
      out[i] = v == 1;
    }
    return out;
  }

  private DataException fault(String key, String expected, String found) {
    return DataException.ofKey(file, key, expected, found);
  }
}
