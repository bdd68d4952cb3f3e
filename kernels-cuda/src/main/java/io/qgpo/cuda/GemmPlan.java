package io.qgpo.cuda;

/**
 * How a matrix product is cut into blocks. It depends on shapes alone, so that every device adds in
 * the same order.
 *
 * @param tile rows and columns of a block's part of the result
 * @param innerPerSplit how much of the inner extent a block sums; a multiple of 32
 * @param splits how many parts of the inner extent there are
 */
record GemmPlan(int tile, int innerPerSplit, int splits) {
  static final int LARGE = 128;
  static final int SMALL = 64;

  /** Blocks that fill a GPU of 132 multiprocessors well enough (H100); smaller ones are fuller. */
  private static final int ENOUGH = 100;

  /** A multiple of the slices of both kernels. */
  private static final int UNIT = 32;

  /** Below this a split costs more to add up than it saves. */
  private static final int LEAST_INNER = 128;

  /**
   * The plan for a product.
   *
   * @param splittable whether the inner extent may be split, which excludes an epilogue
   */
  static GemmPlan of(int rows, int columns, int inner, boolean splittable) {
    int tile = blocks(LARGE, rows, columns) >= ENOUGH ? LARGE : SMALL;
    int splits = 1;
    if (splittable && blocks(tile, rows, columns) < ENOUGH) {
      int most = Math.max(1, inner / LEAST_INNER);
      splits = Math.min(most, ENOUGH / blocks(tile, rows, columns) + 1);
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
