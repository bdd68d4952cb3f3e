package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;

import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import java.util.Arrays;

/** Primitives whose operands are stretched to the shape of the result. */
final class Broadcast {
  /**
   * Where an operand's rows lie below the rows of the result.
   *
   * @param step 1, or 0 where its only column serves all columns
   * @param leading the distance between consecutive rows; 0 if its only row serves all; -1 if the
   *     rows follow no single distance, as those of [B, 1, D] against [B, M, D]
   */
  private record Operand(Tensor tensor, Shape shape, int step, int leading) {
    static Operand of(Tensor tensor, Tensor out) {
      int step = tensor.size() != 1 && tensor.columns() == out.columns() ? 1 : 0;
      int leading =
          tensor.rows() == out.rows() ? tensor.leadingDimension() : tensor.rows() == 1 ? 0 : -1;
      return new Operand(tensor, out.shape(), step, leading);
    }

    /** Whether a walk over the result without gaps is one over this operand too. */
    boolean isFlat() {
      return tensor.size() == 1 || (tensor.size() == shape.size() && tensor.isContiguous());
    }

    int at(int row, int column) {
      return (leading >= 0 ? tensor.offset() + row * leading : stretched(row)) + column * step;
    }

    private int stretched(int row) {
      int outer = row / shape.aligned(2);
      return tensor.offset()
          + row % shape.aligned(2) * tensor.stride(2)
          + outer % shape.aligned(1) * tensor.stride(1)
          + outer / shape.aligned(1) * tensor.stride(0);
    }
  }

  private Broadcast() {}

  static void binary(Parallel pool, BinaryOp op, Tensor a, Tensor b, Tensor out) {
    float[] x = HostStorage.floats(a);
    float[] y = HostStorage.floats(b);
    float[] z = HostStorage.floats(out);
    Operand left = Operand.of(a, out);
    Operand right = Operand.of(b, out);
    Chunks.spans(
        pool,
        out.isContiguous() && left.isFlat() && right.isFlat(),
        out.rows(),
        out.columns(),
        (r, c, n) -> {
          int j = left.at(r, c);
          int h = right.at(r, c);
          int k = at(out, r, c);
          if (left.step == 1 && right.step == 1) {
            BinarySpans.apply(op, x, j, y, h, z, k, n);
          } else if (left.step == 1) {
            BinarySpans.apply(op, x, j, y[h], z, k, n);
          } else if (right.step == 1) {
            BinarySpans.apply(op, x[j], y, h, z, k, n);
          } else {
            Arrays.fill(z, k, k + n, (float) op.value(x[j], y[h]));
          }
        });
  }

  static void copy(Parallel pool, Tensor in, Tensor out) {
    Operand from = Operand.of(in, out);
    boolean flat = out.isContiguous() && from.isFlat();
    if (out.dtype() == DType.INT32) {
      int[] x = HostStorage.ints(in);
      int[] z = HostStorage.ints(out);
      Chunks.spans(
          pool,
          flat,
          out.rows(),
          out.columns(),
          (r, c, n) -> {
            if (from.step == 1) {
              System.arraycopy(x, from.at(r, c), z, at(out, r, c), n);
            } else {
              Arrays.fill(z, at(out, r, c), at(out, r, c) + n, x[from.at(r, c)]);
            }
          });
      return;
    }
    float[] x = HostStorage.floats(in);
    float[] z = HostStorage.floats(out);
    Chunks.spans(
        pool,
        flat,
        out.rows(),
        out.columns(),
        (r, c, n) -> {
          if (from.step == 1) {
            System.arraycopy(x, from.at(r, c), z, at(out, r, c), n);
          } else {
            Arrays.fill(z, at(out, r, c), at(out, r, c) + n, x[from.at(r, c)]);
          }
        });
  }

  static void fill(Parallel pool, Tensor out, double value) {
    if (out.dtype() == DType.INT32) {
      int[] z = HostStorage.ints(out);
      Chunks.spans(
          pool,
          out.isContiguous(),
          out.rows(),
          out.columns(),
          (r, c, n) -> Arrays.fill(z, at(out, r, c), at(out, r, c) + n, (int) value));
      return;
    }
    float[] z = HostStorage.floats(out);
    Chunks.spans(
        pool,
        out.isContiguous(),
        out.rows(),
        out.columns(),
        (r, c, n) -> Arrays.fill(z, at(out, r, c), at(out, r, c) + n, (float) value));
  }
}
