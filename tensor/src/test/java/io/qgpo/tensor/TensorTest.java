package io.qgpo.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.cpu.ScalarBackend;
import org.junit.jupiter.api.Test;

class TensorTest {
  private final Backend backend = new ScalarBackend();
  private final Tensor matrix = Tensor.of(backend, Shape.of(3, 4), range(12));

  private static float[] range(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void holdsWhatItIsGiven() {
    assertSame(backend, matrix.backend());
    assertEquals(DType.FLOAT32, matrix.dtype());
    assertEquals(12, matrix.size());
    assertEquals(3, matrix.rows());
    assertEquals(4, matrix.columns());
    assertArrayEquals(range(12), matrix.toFloatArray());
    assertArrayEquals(
        new double[] {0.1, 0.2},
        Tensor.of(backend, DType.FLOAT64, Shape.of(2), 0.1, 0.2).toDoubleArray());
    assertArrayEquals(
        new double[] {0.1f, 0.2f},
        Tensor.of(backend, DType.FLOAT32, Shape.of(2), 0.1, 0.2).toDoubleArray());
    assertArrayEquals(new int[] {3, -4}, Tensor.of(backend, Shape.of(2), 3, -4).toIntArray());
    assertArrayEquals(
        new float[] {0, 0}, Tensor.zeros(backend, DType.FLOAT32, Shape.of(2)).toFloatArray());
    assertEquals(2.5, Tensor.full(backend, DType.FLOAT64, Shape.SCALAR, 2.5).item());
    assertEquals(7, Tensor.of(backend, Shape.of(1), 7).item());
  }

  @Test
  void columnsAndRowsAreViews() {
    Tensor middle = matrix.columns(1, 3);
    assertEquals(Shape.of(3, 2), middle.shape());
    assertEquals(matrix.offset() + 1, middle.offset());
    assertEquals(4, middle.leadingDimension());
    assertFalse(middle.isContiguous());
    assertArrayEquals(new float[] {1, 2, 5, 6, 9, 10}, middle.toFloatArray());
    Tensor corner = middle.rows(1, 3).columns(1, 2);
    assertArrayEquals(new float[] {6, 10}, corner.toFloatArray());
    backend.fill(corner, -1);
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, -1, 7, 8, 9, -1, 11}, matrix.toFloatArray());
    assertTrue(matrix.rows(1, 2).columns(1, 3).isContiguous(), "one row has no gaps");
    assertArrayEquals(new float[] {5, -1}, matrix.rows(1, 2).columns(1, 3).toFloatArray());
    assertEquals(0, matrix.columns(2, 2).size());
    assertEquals(Shape.of(0, 4), matrix.rows(3, 3).shape());
  }

  @Test
  void columnsOfAMatrixLieBesideEachOther() {
    Tensor left = matrix.columns(0, 1);
    Tensor right = matrix.columns(1, 4);
    assertTrue(left.isBeside(right));
    assertTrue(right.isBeside(left));
    assertTrue(right.rows(1, 3).isBeside(left), "whatever the rows");
    assertFalse(matrix.columns(0, 2).isBeside(right), "they share a column");
    assertFalse(left.isBeside(left));
    assertFalse(left.isBeside(matrix.copy().columns(1, 4)), "of another matrix");
    assertFalse(matrix.columns(2, 3).isBeside(matrix.reshape(Shape.of(2, 6)).columns(0, 2)));
    Tensor nothing = Tensor.zeros(backend, DType.FLOAT32, Shape.of(3, 0));
    assertFalse(nothing.isBeside(nothing));
  }

  /** Wherever in its array a matrix begins. */
  @Test
  void columnsThatFillTheRowLieBesideEachOther() {
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      for (int columns = 2; columns < 20; columns++) {
        Tensor whole = Tensor.zeros(backend, type, Shape.of(3, columns));
        for (int at = 1; at < columns; at++) {
          Tensor left = whole.columns(0, at);
          Tensor right = whole.columns(at, columns);
          assertTrue(left.isBeside(right) && right.isBeside(left), columns + " cut at " + at);
          assertFalse(left.isBeside(whole.columns(at - 1, columns)), columns + " cut at " + at);
        }
      }
    }
  }

  @Test
  void columnsBehindOthersAreJoined() {
    Tensor left = matrix.columns(0, 1);
    Tensor right = matrix.columns(1, 3);
    assertArrayEquals(matrix.columns(0, 3).toFloatArray(), left.joined(right).toFloatArray());
    assertEquals(Shape.of(3, 4), left.joined(matrix.columns(1, 4)).shape());
    assertNull(right.joined(left), "in this order");
    assertNull(left.joined(matrix.columns(2, 4)), "a column between them");
    assertNull(left.joined(right.rows(0, 2)), "other rows");
    assertNull(left.rows(0, 2).joined(right.rows(1, 3)), "other rows");
    assertNull(left.joined(matrix.copy().columns(1, 3)), "another matrix");
    assertNull(matrix.rows(0, 1).joined(matrix.rows(1, 2)), "the row below");
    Tensor one = matrix.rows(1, 2);
    assertArrayEquals(
        one.toFloatArray(), one.columns(0, 3).joined(one.columns(3, 4)).toFloatArray());
  }

  @Test
  void reshapesWhatNeedsNoCopy() {
    assertArrayEquals(range(12), matrix.reshape(Shape.of(2, 6)).toFloatArray());
    assertEquals(6, matrix.reshape(Shape.of(2, 6)).leadingDimension());
    Tensor middle = matrix.columns(1, 3);
    Tensor split = middle.reshape(Shape.of(3, 1, 2));
    assertEquals(4, split.leadingDimension());
    assertArrayEquals(middle.toFloatArray(), split.toFloatArray());
    assertFalse(middle.canReshape(Shape.of(6)));
    assertArrayEquals(
        new float[] {1, 2, 5, 6, 9, 10}, middle.copy().reshape(Shape.of(6)).toFloatArray());
    assertEquals(
        "Tensor.reshape: the rows of [3, 2] are 4 apart, so [6] is no view of it; copy it first",
        assertThrows(IllegalArgumentException.class, () -> middle.reshape(Shape.of(6)))
            .getMessage());
    assertEquals(
        "Tensor.reshape: [3, 4] holds 12 elements, [5, 2] holds 10",
        assertThrows(IllegalArgumentException.class, () -> matrix.reshape(Shape.of(5, 2)))
            .getMessage());
  }

  @Test
  void anEmptyViewReshapes() {
    Tensor nothing = matrix.columns(2, 2).rows(0, 1).reshape(Shape.of(3, 0));
    assertArrayEquals(new float[0], nothing.toFloatArray());
    assertArrayEquals(new float[0], nothing.copy().toFloatArray());
  }

  @Test
  void stridesSpanTheFoldedRows() {
    Tensor wide = Tensor.zeros(backend, DType.FLOAT32, Shape.of(12, 7)).columns(1, 6);
    Tensor view = wide.reshape(Shape.of(2, 3, 2, 5));
    assertEquals(42, view.stride(0));
    assertEquals(14, view.stride(1));
    assertEquals(7, view.stride(2));
    assertEquals(1, view.stride(3));
    Tensor column = Tensor.zeros(backend, DType.FLOAT32, Shape.of(6, 1));
    assertEquals(1, column.stride(2));
    assertEquals(0, column.stride(3), "an extent of 1 repeats");
  }

  /** Rounded to the tensor's type, and into a view without touching what lies beside it. */
  @Test
  void writesDoubles() {
    matrix.columns(1, 2).write(0.1, -2, 1e-3);
    assertArrayEquals(
        new float[] {0, 0.1f, 2, 3, 4, -2, 6, 7, 8, 1e-3f, 10, 11}, matrix.toFloatArray());
    Tensor wide = Tensor.zeros(backend, DType.FLOAT64, Shape.of(2));
    wide.write(0.1, 0.2);
    assertArrayEquals(new double[] {0.1, 0.2}, wide.toDoubleArray());
    assertEquals(
        "Tensor.write: expected 2 elements, found 1",
        assertThrows(IllegalArgumentException.class, () -> wide.write(1)).getMessage());
  }

  @Test
  void refusesWhatIsOutside() {
    assertEquals(
        "Tensor.columns: 2 to 5 is outside 0 to 4 of [3, 4]",
        assertThrows(IndexOutOfBoundsException.class, () -> matrix.columns(2, 5)).getMessage());
    assertEquals(
        "Tensor.rows: 2 to 1 is outside 0 to 3 of [3, 4]",
        assertThrows(IndexOutOfBoundsException.class, () -> matrix.rows(2, 1)).getMessage());
    assertEquals(
        "Tensor.rows: -1 to 1 is outside 0 to 3 of [3, 4]",
        assertThrows(IndexOutOfBoundsException.class, () -> matrix.rows(-1, 1)).getMessage());
    assertEquals(
        "Tensor.rowBlock: expected rows of 2 equal blocks, found [3, 4]",
        assertThrows(IllegalArgumentException.class, () -> matrix.rowBlock(0, 2)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> matrix.rowBlock(0, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.rowBlock(3, 3));
    assertEquals(matrix.rows(1, 2).offset(), matrix.rowBlock(1, 3).offset());
    assertEquals(
        "Tensor.of: shape [2] holds 2 elements, found 3",
        assertThrows(
                IllegalArgumentException.class, () -> Tensor.of(backend, Shape.of(2), 1f, 2f, 3f))
            .getMessage());
    assertEquals(
        "Tensor.item: needs exactly one element, found [3, 4]",
        assertThrows(IllegalStateException.class, matrix::item).getMessage());
  }

  @Test
  void printsASummary() {
    assertEquals(
        "Tensor [3, 4] FLOAT32 {0.00000, 1.00000, 2.00000, 3.00000, 4.00000, 5.00000, ...}"
            + " mean 5.50000 min 0.00000 max 11.0000 NaN 0 Inf 0",
        matrix.toString());
    assertEquals(
        "Tensor [3] FLOAT64 {1.50000, NaN, -Infinity} mean 1.50000 min 1.50000 max 1.50000"
            + " NaN 1 Inf 1",
        Tensor.of(backend, DType.FLOAT64, Shape.of(3), 1.5, Double.NaN, Double.NEGATIVE_INFINITY)
            .toString());
    assertEquals(
        "Tensor [1] FLOAT32 {NaN} NaN 1 Inf 0",
        Tensor.of(backend, Shape.of(1), Float.NaN).toString());
    assertEquals(
        "Tensor [7] INT32 {1, 2, 3, 4, 5, 6, ...} min -9 max 6",
        Tensor.of(backend, Shape.of(7), 1, 2, 3, 4, 5, 6, -9).toString());
    assertEquals(
        "Tensor [2] INT32 {-2, 1} min -2 max 1", Tensor.of(backend, Shape.of(2), -2, 1).toString());
    assertEquals(
        "Tensor [0, 3] FLOAT32 (no elements)",
        Tensor.zeros(backend, DType.FLOAT32, Shape.of(0, 3)).toString());
  }
}
