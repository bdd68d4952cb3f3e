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

  /**
   * Of a product that is split, the least blocks of large tiles, and the blocks to aim at: at most
   * MOST_PARTS of tiles.cuh.
   */
  private static final int ENOUGH_TO_SPLIT = 16;

  private static final int LARGE_TARGET = 128;
  private static final int SMALL_TARGET = 256;

  /** A multiple of the slices of both kernels. */
  private static final int UNIT = 32;

  /** Below this a split costs more to add up than it saves. */
  private static final int LEAST_INNER = 64;

  /** The tile of products that are not split, of so many layers in a launch. */
  static int tile(int layers, int rows, int columns) {
    return layers * blocks(LARGE, rows, columns) >= ENOUGH ? LARGE : SMALL;
  }

  /**
   * The tile of the backward pass of linear layers of equal shape.
   *
   * @param layers in a launch
   * @param withX whether x's gradient, rows x in, is computed in the same launch, in equal tiles
   */
  static int backwardTile(int layers, int rows, int in, int out, boolean withX) {
    boolean large =
        withX
            ? layers * blocks(LARGE, rows, in) >= ENOUGH && out > SMALL
            : layers * blocks(LARGE, out, in) >= ENOUGH_TO_SPLIT;
    return large ? LARGE : SMALL;
  }

  /**
   * The plan for a linear layer's backward pass in such tiles: the gradient of the weight, out x
   * in, is split, since it is small and sums over a whole batch.
   */
  static GemmPlan ofBackward(int tile, int layers, int rows, int in, int out) {
    int wanted = (tile == LARGE ? LARGE_TARGET : SMALL_TARGET) / (layers * blocks(tile, out, in));
    int splits = Math.max(1, Math.min(rows / LEAST_INNER, wanted));
    int perSplit = Math.max(UNIT, (ceil(rows, splits) + UNIT - 1) / UNIT * UNIT);
    return new GemmPlan(tile, perSplit, Math.max(1, ceil(rows, perSplit)));
  }

  static int blocks(int tile, int rows, int columns) {
    return ceil(rows, tile) * ceil(columns, tile);
  }

  static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }
}
