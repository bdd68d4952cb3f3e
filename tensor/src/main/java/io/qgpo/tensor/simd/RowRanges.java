package io.qgpo.tensor.simd;

/** How many rows go through all layers of a network together. */
final class RowRanges {
  /**
   * Rows at most, but for a single one that weighs more. At width 512 an activation of them takes
   * 192 KB: the few that a layer reads and writes stay in a second-level cache of 1 MB.
   */
  private static final int MOST = 96;

  /** Rows at least: with fewer, reading the weights would count. */
  private static final int LEAST = 24;

  /** Ranges that several threads share evenly enough. */
  private static final int ENOUGH = 16;

  private RowRanges() {}

  /**
   * By the arguments alone. While there are few ranges, they are a power of two, which most numbers
   * of threads share evenly.
   */
  static int rowsInEach(int rows, int weight) {
    double total = (double) rows * weight;
    int ranges = (int) Math.ceil(total / MOST);
    if (ranges < ENOUGH) {
      ranges = Math.clamp(Integer.highestOneBit((int) (total / LEAST)), 1, ENOUGH);
    }
    return Math.clamp(Math.ceilDiv(rows, ranges), 1, Math.max(1, MOST / Math.max(1, weight)));
  }
}
