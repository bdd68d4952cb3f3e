package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.GemmBlocked.ceilDiv;

import io.qgpo.tensor.cpu.Parallel;

/**
 * The product by slices of k, for a transposed a with many rows: the gradient of a weight, summed
 * over a batch. Each slice is summed into a private c; these are then added up in the order of the
 * slices, whose number comes from the shape, so the bits do not depend on the threads.
 *
 * <p>Neither operand is packed: a step of k needs 6 neighbours of a and a row of b as they lie.
 */
final class GemmSplit {
  /** Steps of k in a slice: adding up the slices then takes about 1 % of the time. */
  private static final int SLICE = 512;

  private static final int MOST_SLICES = 16;

  /** Elements in all private copies of c together: 16 MB. */
  private static final int PARTIAL = 4 * 1024 * 1024;

  /** Steps of k at a time. */
  private static final int K_BLOCK = 256;

  /** Columns of b at a time: with 256 steps 256 KB. */
  private static final int COLUMN_BLOCK = 256;

  private static final int CHUNKS = 16;
  private static final double CHUNK_FLOPS = 1e6;

  /** Elements of c that a chunk adds up. */
  private static final int SUM_CHUNK = 16 * 1024;

  private final GemmCall call;
  private final Parallel.ChunkTask sliceTask = this::slice;
  private final Parallel.ChunkTask sumTask = this::sum;

  // The factors: those of the call, or exchanged so that c is transposed.
  private boolean exchanged;
  private int m;
  private int n;
  private float[] a;
  private int aOffset;
  private int aStep;
  private float[] b;
  private int bOffset;
  private int bStep;

  private int slices;
  private int sliceSteps;
  private int rowBlocks;
  private int rowsPerBlock;
  private float[] partial;
  private int rowsPerSum;

  GemmSplit(GemmCall call) {
    this.call = call;
  }

  /** Needs {@code aRow == 1} and {@code bColumn == 1}. */
  void run(Parallel pool) {
    // The vectors run along n: a narrow c is computed as its transpose.
    exchanged = call.n < VectorMath.SPECIES.length() && call.m > call.n;
    m = exchanged ? call.n : call.m;
    n = exchanged ? call.m : call.n;
    a = exchanged ? call.b : call.a;
    aOffset = exchanged ? call.bOffset : call.aOffset;
    aStep = exchanged ? call.bStep : call.aStep;
    b = exchanged ? call.a : call.b;
    bOffset = exchanged ? call.aOffset : call.bOffset;
    bStep = exchanged ? call.aStep : call.bStep;

    long size = (long) m * n;
    slices = (int) Math.min(Math.min(MOST_SLICES, call.k / SLICE), PARTIAL / size);
    slices = Math.max(1, slices);
    sliceSteps = ceilDiv(call.k, slices);
    slices = Math.max(1, ceilDiv(call.k, Math.max(1, sliceSteps)));
    int tiles = ceilDiv(m, GemmTile.ROWS);
    int blocks = (int) Math.min(ceilDiv(CHUNKS, slices), call.flops() / slices / CHUNK_FLOPS);
    rowsPerBlock = ceilDiv(tiles, Math.max(1, blocks)) * GemmTile.ROWS;
    rowBlocks = ceilDiv(m, rowsPerBlock);

    boolean straight = slices == 1 && !exchanged;
    partial = straight ? null : GemmWorkspace.local().packed((int) (slices * size));
    pool.run(slices * rowBlocks, sliceTask);
    if (!straight) {
      rowsPerSum = Math.max(1, SUM_CHUNK / call.n);
      pool.run(ceilDiv(call.m, rowsPerSum), sumTask);
    }
    partial = null;
    a = null;
    b = null;
  }

  private void slice(int chunk) {
    int row = chunk % rowBlocks * rowsPerBlock;
    int rowEnd = Math.min(m, row + rowsPerBlock);
    int slice = chunk / rowBlocks;
    int start = slice * sliceSteps;
    int end = Math.min(call.k, start + sliceSteps);
    float[] z = partial != null ? partial : call.c;
    int zOffset = partial != null ? slice * m * n : call.cOffset;
    int zRow = partial != null ? n : call.cRow;
    boolean add = partial == null && call.accumulate;
    GemmWorkspace workspace = GemmWorkspace.local();
    int k0 = start;
    do {
      int depth = Math.min(K_BLOCK, end - k0);
      workspace.sink +=
          GemmPacking.touch(depth, rowEnd - row, a, aOffset + k0 * aStep + row, aStep);
      for (int column = 0; column < n; column += COLUMN_BLOCK) {
        int columnEnd = Math.min(n, column + COLUMN_BLOCK);
        block(workspace, row, rowEnd, column, columnEnd, k0, depth, z, zOffset, zRow, add);
      }
      add = true;
      k0 += depth;
    } while (k0 < end);
  }

  private void block(
      GemmWorkspace workspace,
      int row,
      int rowEnd,
      int column,
      int columnEnd,
      int k0,
      int depth,
      float[] z,
      int zOffset,
      int zRow,
      boolean add) {
    int from = bOffset + k0 * bStep;
    workspace.sink += GemmPacking.touch(depth, columnEnd - column, b, from + column, bStep);
    // A vector at the ragged right edge would read over the end of b: that panel is packed.
    int lastPanel = column + (columnEnd - column - 1) / GemmTile.COLUMNS * GemmTile.COLUMNS;
    int width = columnEnd - lastPanel;
    float[] packed = null;
    if (GemmTile.padded(width) != width) {
      packed = workspace.block(depth * GemmTile.COLUMNS);
      GemmPacking.pack(depth, width, b, from + lastPanel, bStep, 1, packed, 0);
    }
    for (int i = row; i < rowEnd; i += GemmTile.ROWS) {
      for (int j = column; j < columnEnd; j += GemmTile.COLUMNS) {
        boolean ragged = packed != null && j == lastPanel;
        GemmTile.multiply(
            Math.min(GemmTile.ROWS, rowEnd - i),
            Math.min(GemmTile.COLUMNS, columnEnd - j),
            depth,
            a,
            aOffset + k0 * aStep + i,
            1,
            aStep,
            ragged ? packed : b,
            ragged ? 0 : from + j,
            ragged ? GemmTile.padded(width) : bStep,
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
          addColumn(slice * m * n + i, n, call.c, to, call.n, set);
        } else if (set) {
          System.arraycopy(partial, i * n, call.c, to, n);
        } else {
          addRow(partial, slice * m * n + i * n, call.c, to, n);
        }
      }
    }
  }

  private static void addRow(float[] x, int from, float[] y, int to, int count) {
    for (int j = 0; j < count; j++) {
      y[to + j] += x[from + j];
    }
  }

  private void addColumn(int from, int stride, float[] y, int to, int count, boolean set) {
    for (int j = 0; j < count; j++) {
      float x = partial[from + j * stride];
      y[to + j] = set ? x : y[to + j] + x;
    }
  }
}
