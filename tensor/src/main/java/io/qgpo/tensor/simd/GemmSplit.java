package io.qgpo.tensor.simd;

import io.qgpo.tensor.cpu.Parallel;

/**
 * The product with a transposed a: the gradient of a weight, summed over the many rows of a batch.
 *
 * <p>Neither operand is packed: a step of k takes 6 neighbours of a and some of b as they lie. All
 * threads go through the same slab of k at a time, each with blocks of c of its own, so the slab is
 * read from memory once. Where c has too few blocks, k is cut into slices as well, which are summed
 * into private copies of c; these are then added up in the order of the slices. Blocks and slices
 * come from the shape, so the bits do not depend on the threads.
 */
final class GemmSplit {
  /** Steps of k in a slab: for 512 columns each of a and b 2 MB. */
  private static final int SLAB = 512;

  /** Steps of k at a time: with a block's width of a and b 320 KB of a second-level cache. */
  private static final int K_BLOCK = 256;

  /** Rows and columns of c in a block. */
  private static final int ROW_BLOCK = 66 / GemmTile.ROWS * GemmTile.ROWS;

  private static final int COLUMN_BLOCK = 256 / GemmTile.COLUMNS * GemmTile.COLUMNS;

  /** Chunks that keep a few threads evenly busy; more slices would cost more traffic. */
  private static final int CHUNKS = 8;

  /** Operations that make a chunk worth handing over. */
  private static final double CHUNK_FLOPS = 1e6;

  /** Up to this many rows of c, memory is what the product waits for. */
  private static final int FEW_ROWS = 2 * GemmTile.ROWS;

  /** Elements of c that a chunk adds up. */
  private static final int SUM_CHUNK = 16 * 1024;

  private final GemmCall call;
  private final Parallel.ChunkTask blockTask = this::block;
  private final Parallel.ChunkTask sumTask = this::sum;

  // The factors: those of the call, or exchanged so that the transpose of c is computed.
  private boolean exchanged;
  private int m;
  private int n;
  private float[] a;
  private int aOffset;
  private int aStep;
  private float[] b;
  private int bOffset;
  private int bStep;

  private int rowsPerBlock;
  private int rowBlocks;
  private int slices;
  private int sliceSteps;
  private int slab;
  private float[] partial;
  private int rowsPerSum;

  GemmSplit(GemmCall call) {
    this.call = call;
  }

  /** Needs {@code aRow == 1} and {@code bColumn == 1}. */
  void run(Parallel pool) {
    chooseFactors();
    int columnBlocks = Math.ceilDiv(n, COLUMN_BLOCK);
    int blocks = columnBlocks * Math.ceilDiv(m, ROW_BLOCK);
    slices = Math.max(1, Math.min(Math.ceilDiv(CHUNKS, blocks), call.k / SLAB));
    sliceSteps = Math.ceilDiv(call.k, slices);
    double most = Math.max(1, call.flops() / slices / columnBlocks / CHUNK_FLOPS);
    int wanted = (int) Math.min(most, Math.ceilDiv(CHUNKS, slices * columnBlocks));
    int tiles = Math.ceilDiv(m, GemmTile.ROWS);
    rowsPerBlock = Math.min(ROW_BLOCK, Math.ceilDiv(tiles, wanted) * GemmTile.ROWS);
    rowBlocks = Math.ceilDiv(m, rowsPerBlock);

    boolean straight = slices == 1 && !exchanged;
    partial = straight ? null : GemmWorkspace.local().packed(slices * m * n);
    slab = 0;
    do {
      pool.run(slices * rowBlocks * columnBlocks, blockTask);
      slab += SLAB;
    } while (slab < sliceSteps);
    if (!straight) {
      rowsPerSum = Math.max(1, SUM_CHUNK / call.n);
      pool.run(Math.ceilDiv(call.m, rowsPerSum), sumTask);
    }
    partial = null;
    a = null;
    b = null;
  }

  /**
   * The vectors run along n: whichever of c and its transpose fills the tiles better is computed.
   */
  private void chooseFactors() {
    exchanged = 1.2 * tiled(call.n, call.m) < tiled(call.m, call.n);
    m = exchanged ? call.n : call.m;
    n = exchanged ? call.m : call.n;
    a = exchanged ? call.b : call.a;
    aOffset = exchanged ? call.bOffset : call.aOffset;
    aStep = exchanged ? call.bStep : call.aStep;
    b = exchanged ? call.a : call.b;
    bOffset = exchanged ? call.aOffset : call.bOffset;
    bStep = exchanged ? call.aStep : call.bStep;
  }

  /** The elements that the tiles of a rows x columns matrix compute, padding included. */
  private static double tiled(int rows, int columns) {
    double height = rows == 1 ? 1 : Math.ceilDiv(rows, GemmTile.ROWS) * GemmTile.ROWS;
    return height * GemmTile.padded(columns);
  }

  private void block(int chunk) {
    int slice = chunk % slices;
    int block = chunk / slices;
    int row = block % rowBlocks * rowsPerBlock;
    int rowEnd = Math.min(m, row + rowsPerBlock);
    int column = block / rowBlocks * COLUMN_BLOCK;
    int columnEnd = Math.min(n, column + COLUMN_BLOCK);
    int start = slice * sliceSteps + slab;
    int end = Math.min(Math.min(call.k, (slice + 1) * sliceSteps), start + SLAB);
    boolean add = slab > 0 || (partial == null && call.accumulate);
    int k0 = start;
    do {
      int depth = Math.max(0, Math.min(K_BLOCK, end - k0));
      steps(slice, row, rowEnd, column, columnEnd, k0, depth, add);
      add = true;
      k0 += K_BLOCK;
    } while (k0 < end);
  }

  private void steps(
      int slice, int row, int rowEnd, int column, int columnEnd, int k0, int depth, boolean add) {
    GemmWorkspace workspace = GemmWorkspace.local();
    float[] z = partial != null ? partial : call.c;
    int zRow = partial != null ? n : call.cRow;
    int zOffset = partial != null ? slice * m * n : call.cOffset;
    int from = bOffset + k0 * bStep;
    if (m <= FEW_ROWS) {
      workspace.sink += GemmPacking.touch(depth, columnEnd - column, b, from + column, bStep);
    }
    // A vector at a ragged right edge would read over the end of b: that panel is packed.
    int lastPanel = column + (columnEnd - column - 1) / GemmTile.COLUMNS * GemmTile.COLUMNS;
    int width = columnEnd - lastPanel;
    boolean ragged = GemmTile.padded(width) != width;
    float[] packed = null;
    if (ragged) {
      packed = workspace.block(depth * GemmTile.COLUMNS);
      GemmPacking.pack(depth, width, b, from + lastPanel, bStep, 1, packed, 0);
    }
    for (int i = row; i < rowEnd; i += GemmTile.ROWS) {
      for (int j = column; j < columnEnd; j += GemmTile.COLUMNS) {
        boolean fromPacked = ragged && j == lastPanel;
        GemmTile.multiply(
            Math.min(GemmTile.ROWS, rowEnd - i),
            Math.min(GemmTile.COLUMNS, columnEnd - j),
            depth,
            a,
            aOffset + k0 * aStep + i,
            1,
            aStep,
            fromPacked ? packed : b,
            fromPacked ? 0 : from + j,
            fromPacked ? GemmTile.padded(width) : bStep,
            z,
            zOffset + i * zRow + j,
            zRow,
            add,
            workspace.edge);
      }
    }
  }

  /** Adds up the slices of some rows of c. */
  private void sum(int chunk) {
    int row = chunk * rowsPerSum;
    int rowEnd = Math.min(call.m, row + rowsPerSum);
    for (int i = row; i < rowEnd; i++) {
      int to = call.cOffset + i * call.cRow;
      for (int slice = 0; slice < slices; slice++) {
        boolean set = slice == 0 && !call.accumulate;
        if (exchanged) {
          addColumn(slice * m * n + i, call.c, to, set);
        } else if (set) {
          System.arraycopy(partial, i * n, call.c, to, n);
        } else {
          addRow(partial, (slice * m + i) * n, call.c, to, n);
        }
      }
    }
  }

  private static void addRow(float[] x, int from, float[] y, int to, int count) {
    for (int j = 0; j < count; j++) {
      y[to + j] += x[from + j];
    }
  }

  /** Adds a column of a private copy, which is transposed, to a row of c. */
  private void addColumn(int from, float[] y, int to, boolean set) {
    for (int j = 0; j < m; j++) {
      float x = partial[from + j * n];
      y[to + j] = set ? x : y[to + j] + x;
    }
  }
}
