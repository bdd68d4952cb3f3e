package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.GemmBlocked.ceilDiv;

import io.qgpo.tensor.cpu.Parallel;

/**
 * The product by inner products, for a b^T with few rows of a or of b, where packing b would cost
 * more than it gains: one state through a network, a layer with few outputs.
 */
final class GemmDot {
  /** Operations that make a chunk worth handing over: such products wait for memory, not units. */
  private static final double CHUNK_FLOPS = 250e3;

  private static final int MOST_CHUNKS = 64;

  private final GemmCall call;
  private final Parallel.ChunkTask task = this::chunk;

  // Rows and columns of c; exchanged if c is one column, which makes it one row of the transpose.
  private boolean exchanged;
  private int rowsPerChunk;
  private int columnsPerChunk;
  private int rowChunks;

  GemmDot(GemmCall call) {
    this.call = call;
  }

  /** Needs {@code aStep == 1} and {@code bStep == 1}. */
  void run(Parallel pool) {
    exchanged = call.n == 1;
    double chunks = Math.max(1, Math.min(MOST_CHUNKS, call.flops() / CHUNK_FLOPS));
    if (call.m >= call.n) {
      int unit = exchanged ? GemmDotTile.ROW_COLUMNS : GemmDotTile.ROWS;
      rowsPerChunk = ceilDiv((int) Math.ceil(call.m / chunks), unit) * unit;
      columnsPerChunk = call.n;
    } else {
      int unit = call.m == 1 ? GemmDotTile.ROW_COLUMNS : GemmDotTile.COLUMNS;
      rowsPerChunk = call.m;
      columnsPerChunk = ceilDiv((int) Math.ceil(call.n / chunks), unit) * unit;
    }
    rowChunks = ceilDiv(call.m, rowsPerChunk);
    pool.run(rowChunks * ceilDiv(call.n, columnsPerChunk), task);
  }

  private void chunk(int chunk) {
    int row = chunk % rowChunks * rowsPerChunk;
    int rowEnd = Math.min(call.m, row + rowsPerChunk);
    int column = chunk / rowChunks * columnsPerChunk;
    int columnEnd = Math.min(call.n, column + columnsPerChunk);
    GemmWorkspace workspace = GemmWorkspace.local();
    float[] z = call.c;
    int zRow = call.cRow;
    int zOffset = call.cOffset + row * zRow + column;
    if (z == null) {
      zRow = columnEnd - column;
      z = workspace.block((rowEnd - row) * zRow);
      zOffset = 0;
    }
    if (exchanged) {
      columnOf(workspace.edge, row, rowEnd, z, zOffset, zRow);
    } else {
      tiles(workspace.edge, row, rowEnd, column, columnEnd, z, zOffset, zRow);
    }
    if (call.epilogue != null) {
      call.epilogue.apply(row, column, rowEnd - row, columnEnd - column, z, zOffset, zRow);
    }
  }

  private void tiles(
      float[] sums,
      int row,
      int rowEnd,
      int column,
      int columnEnd,
      float[] z,
      int zOffset,
      int zRow) {
    int width = call.m == 1 ? GemmDotTile.ROW_COLUMNS : GemmDotTile.COLUMNS;
    // The inner loop goes over the operand that is the smaller one, and so stays in cache.
    boolean rowsInside = call.m < call.n;
    int outerEnd = rowsInside ? columnEnd : rowEnd;
    int outerStep = rowsInside ? width : GemmDotTile.ROWS;
    int innerStart = rowsInside ? row : column;
    int innerEnd = rowsInside ? rowEnd : columnEnd;
    int innerStep = rowsInside ? GemmDotTile.ROWS : width;
    for (int outer = rowsInside ? column : row; outer < outerEnd; outer += outerStep) {
      for (int inner = innerStart; inner < innerEnd; inner += innerStep) {
        int i = rowsInside ? inner : outer;
        int j = rowsInside ? outer : inner;
        int rows = Math.min(GemmDotTile.ROWS, rowEnd - i);
        // A lone last row takes the form of one row in parts as wide as a tile of more.
        GemmDotTile.multiply(
            rows,
            Math.min(width, columnEnd - j),
            call.k,
            call.a,
            call.aOffset + i * call.aRow,
            call.aRow,
            call.b,
            call.bOffset + j * call.bColumn,
            call.bColumn,
            z,
            zOffset + (i - row) * zRow + j - column,
            zRow,
            1,
            call.accumulate,
            sums);
      }
    }
  }

  /** The only column of c: b is one row, which the rows of a are multiplied with. */
  private void columnOf(float[] sums, int row, int rowEnd, float[] z, int zOffset, int zRow) {
    for (int i = row; i < rowEnd; i += GemmDotTile.ROW_COLUMNS) {
      GemmDotTile.multiply(
          1,
          Math.min(GemmDotTile.ROW_COLUMNS, rowEnd - i),
          call.k,
          call.b,
          call.bOffset,
          call.bColumn,
          call.a,
          call.aOffset + i * call.aRow,
          call.aRow,
          z,
          zOffset + (i - row) * zRow,
          0,
          zRow,
          call.accumulate,
          sums);
    }
  }
}
