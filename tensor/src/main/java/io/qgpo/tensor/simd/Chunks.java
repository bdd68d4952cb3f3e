package io.qgpo.tensor.simd;

import io.qgpo.tensor.cpu.Parallel;

/**
 * How a primitive's work is cut up for threads. The cuts depend on the shape alone, never on the
 * number of threads, so that sums come out with the same bits whoever computes them.
 */
final class Chunks {
  /**
   * Elements of one chunk: 2 to 8 microseconds of elementwise work, some ten times what handing it
   * to a spinning worker costs, and few enough (64 KB an operand) to stay in the L2 cache. Work of
   * one chunk runs on the caller.
   */
  static final int ELEMENTS = 16384;

  /** Work on adjacent elements. */
  interface Span {
    /** Takes {@code n} elements of row {@code row} from column {@code column} on. */
    void run(int row, int column, int n);
  }

  /** Work on whole rows. */
  interface Rows {
    /** Takes the rows {@code from} (inclusive) to {@code to} (exclusive). */
    void run(int from, int to);
  }

  private Chunks() {}

  /**
   * Covers rows x columns elements by spans.
   *
   * @param flat whether all operands are without gaps: then spans run on across the ends of rows,
   *     as columns of row 0
   */
  static void spans(Parallel pool, boolean flat, int rows, int columns, Span span) {
    int n = rows * columns;
    if (n == 0) {
      return;
    }
    if (!flat) {
      rows(
          pool,
          rows,
          columns,
          (from, to) -> {
            for (int r = from; r < to; r++) {
              span.run(r, 0, columns);
            }
          });
      return;
    }
    if (n <= ELEMENTS) {
      span.run(0, 0, n);
      return;
    }
    pool.run(
        count(n, ELEMENTS),
        chunk -> {
          int from = chunk * ELEMENTS;
          span.run(0, from, Math.min(ELEMENTS, n - from));
        });
  }

  /**
   * Covers rows by ranges of rows.
   *
   * @param cost about how many elements of elementwise work one row is
   */
  static void rows(Parallel pool, int rows, int cost, Rows body) {
    int each = Math.max(1, ELEMENTS / Math.max(1, cost));
    if (rows <= each) {
      body.run(0, rows);
      return;
    }
    pool.run(
        count(rows, each),
        chunk -> {
          int from = chunk * each;
          body.run(from, Math.min(rows, from + each));
        });
  }

  /** How many chunks of {@code each} cover {@code n}. */
  static int count(int n, int each) {
    return n / each + (n % each == 0 ? 0 : 1);
  }
}
