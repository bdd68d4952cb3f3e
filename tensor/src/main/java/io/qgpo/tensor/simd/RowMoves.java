package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;
import static io.qgpo.tensor.simd.VectorMath.SPECIES;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Moves of rows and columns without arithmetic other than adding. */
final class RowMoves {
  /** Tile of a transposition: 16 floats are one cache line, and its rows and columns fit in L1. */
  private static final int TILE = 16;

  /** What moving a row costs beside its elements, in units of elementwise work. */
  private static final int ROW_START = 32;

  /** Whether vectors are so wide that the rest of one is worth a mask; and there are masks then. */
  private static final boolean MASKED = SPECIES.length() == 16;

  private RowMoves() {}

  /** The indices must be rows of the source. */
  static void gather(Parallel pool, Tensor source, Tensor indices, Tensor out) {
    float[] x = HostStorage.floats(source);
    float[] z = HostStorage.floats(out);
    int[] index = HostStorage.ints(indices);
    Chunks.rows(
        pool,
        indices.size(),
        source.columns() + ROW_START,
        (from, to) -> gather(x, source, index, indices, z, out, from, to));
  }

  /** By vectors: the rows are too short for a call of arraycopy to pay. */
  private static void gather(
      float[] x,
      Tensor source,
      int[] index,
      Tensor indices,
      float[] z,
      Tensor out,
      int from,
      int to) {
    int n = source.columns();
    int whole = SPECIES.loopBound(n);
    VectorMask<Float> rest = SPECIES.indexInRange(whole, n);
    for (int i = from; i < to; i++) {
      int j = at(source, index[HostStorage.index(indices, i)], 0);
      int k = at(out, i, 0);
      for (int c = 0; c < whole; c += SPECIES.length()) {
        FloatVector.fromArray(SPECIES, x, j + c).intoArray(z, k + c);
      }
      if (MASKED && whole < n) {
        FloatVector.fromArray(SPECIES, x, j + whole, rest).intoArray(z, k + whole, rest);
      } else {
        for (int c = whole; c < n; c++) {
          z[k + c] = x[j + c];
        }
      }
    }
  }

  /** The indices must be rows of the result. One thread: rows may be added to more than once. */
  static void scatterAdd(Tensor in, Tensor indices, Tensor out) {
    float[] x = HostStorage.floats(in);
    float[] z = HostStorage.floats(out);
    int[] index = HostStorage.ints(indices);
    for (int i = 0; i < indices.size(); i++) {
      int k = at(out, index[HostStorage.index(indices, i)], 0);
      BinarySpans.add(z, k, x, at(in, i, 0), z, k, in.columns());
    }
  }

  static void transpose(Parallel pool, Tensor in, Tensor out) {
    float[] x = HostStorage.floats(in);
    float[] z = HostStorage.floats(out);
    int rows = in.rows();
    int columns = in.columns();
    Chunks.rows(
        pool,
        Chunks.count(columns, TILE),
        TILE * rows,
        (from, to) -> {
          for (int tile = from; tile < to; tile++) {
            int last = Math.min(columns, (tile + 1) * TILE);
            for (int top = 0; top < rows; top += TILE) {
              int bottom = Math.min(rows, top + TILE);
              for (int c = tile * TILE; c < last; c++) {
                int j = at(in, 0, c);
                int k = at(out, c, 0);
                for (int r = top; r < bottom; r++) {
                  z[k + r] = x[j + r * in.leadingDimension()];
                }
              }
            }
          }
        });
  }
}
