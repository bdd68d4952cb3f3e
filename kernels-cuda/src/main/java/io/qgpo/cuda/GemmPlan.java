package io.qgpo.cuda;

/**
 * How a matrix product is cut into blocks. It depends on shapes alone, so that every device adds in
 * the same order. The numbers are those that served best on an H100 (benchmarks/RESULTS-gpu.md).
 *
 * @param tile rows and columns of a block's part of the result
 * @param innerPerSplit how much of the inner extent a block sums; a multiple of 32
 * @param splits how many parts of the inner extent there are
 */
record GemmPlan(int tile, int innerPerSplit, int splits) {
  static final int LARGE = 128;
  static final int SMALL = 64;

  /** Blocks of large tiles that fill a GPU of 132 multiprocessors (H100) well enough. */
  private static final int ENOUGH = 100;

  /** Of a product that is split, the least blocks of large tiles, and the blocks to aim at. */
  private static final int ENOUGH_TO_SPLIT = 16;

  private static final int LARGE_TARGET = 128;
  private static final int SMALL_TARGET = 256;

  /** A multiple of the slices of both kernels. */
  private static final int UNIT = 32;

  /** Below this a split costs more to add up than it saves. */
  private static final int LEAST_INNER = 64;

  /**
   * The plan for a product.
   *
   * @param splittable whether the inner extent may be split, which excludes an epilogue and costs a
   *     launch: worth it for a weight's gradient, which is small and sums over a whole batch
   */
  static GemmPlan of(int rows, int columns, int inner, boolean splittable) {
    int large = blocks(LARGE, rows, columns);
    int tile = large >= (splittable ? ENOUGH_TO_SPLIT : ENOUGH) ? LARGE : SMALL;
    int splits = 1;
    if (splittable) {
      int target = tile == LARGE ? LARGE_TARGET : SMALL_TARGET;
      int wanted = target / blocks(tile, rows, columns);
      splits = Math.max(1, Math.min(inner / LEAST_INNER, wanted));
    }
    int perSplit = Math.max(UNIT, (ceil(inner, splits) + UNIT - 1) / UNIT * UNIT);
    return new GemmPlan(tile, perSplit, Math.max(1, ceil(inner, perSplit)));
  }

  int threads() {
    return tile == LARGE ? 256 : 128;
  }

  static int blocks(int tile, int rows, int columns) {
    return ceil(rows, tile) * ceil(columns, tile);
  }

  static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }
}
