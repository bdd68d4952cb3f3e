package io.qgpo.tensor.simd;

import static io.qgpo.tensor.cpu.AlignedFloats.START;

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
  private int tileRows;
  private int tileColumns;
  private int rowsPerChunk;
  private int columnsPerChunk;
  private int rowChunks;

  GemmDot(GemmCall call) {
    this.call = call;
  }

  /** Needs {@code aStep == 1} and {@code bStep == 1}. */
  void run(Parallel pool) {
    exchanged = call.n == 1;
    chooseTile();
    double chunks = Math.max(1, Math.min(MOST_CHUNKS, call.flops() / CHUNK_FLOPS));
    rowsPerChunk = call.m;
    columnsPerChunk = call.n;
    if (call.m >= call.n) {
      rowsPerChunk = Math.ceilDiv((int) Math.ceil(call.m / chunks), tileRows) * tileRows;
    } else {
      columnsPerChunk = Math.ceilDiv((int) Math.ceil(call.n / chunks), tileColumns) * tileColumns;
    }
    rowChunks = Math.ceilDiv(call.m, rowsPerChunk);
    pool.run(rowChunks * Math.ceilDiv(call.n, columnsPerChunk), task);
  }

  private void chooseTile() {
    if (exchanged) {
      tileRows = GemmDotTile.ROW_COLUMNS;
      tileColumns = 1;
    } else if (call.m == 1) {
      tileRows = 1;
      tileColumns = GemmDotTile.ROW_COLUMNS;
    } else {
      boolean small = !GemmTile.WIDE || call.n <= GemmDotTile.SMALL;
      tileRows = small ? GemmDotTile.SMALL : GemmDotTile.ROWS;
      tileColumns = small ? GemmDotTile.SMALL : GemmDotTile.COLUMNS;
    }
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
      zOffset = START;
    }
    // The inner loop goes over the operand with fewer rows, which so stays in cache.
    if (call.m < call.n) {
      for (int j = column; j < columnEnd; j += tileColumns) {
        for (int i = row; i < rowEnd; i += tileRows) {
          tile(
              workspace.edge,
              i,
              rowEnd,
              j,
              columnEnd,
              z,
              zOffset + (i - row) * zRow + j - column,
              zRow);
        }
      }
    } else {
      for (int i = row; i < rowEnd; i += tileRows) {
        for (int j = column; j < columnEnd; j += tileColumns) {
          tile(
              workspace.edge,
              i,
              rowEnd,
              j,
              columnEnd,
              z,
              zOffset + (i - row) * zRow + j - column,
              zRow);
        }
      }
    }
    if (call.epilogue != null) {
      call.epilogue.apply(row, column, rowEnd - row, columnEnd - column, z, zOffset, zRow);
    }
  }

  private void tile(
      float[] sums, int i, int rowEnd, int j, int columnEnd, float[] z, int at, int zRow) {
    int rows = Math.min(tileRows, rowEnd - i);
    int columns = Math.min(tileColumns, columnEnd - j);
    int a = call.aOffset + i * call.aRow;
    int b = call.bOffset + j * call.bColumn;
    if (exchanged) {
      GemmDotTile.multiply(
          columns,
          rows,
          call.k,
          call.b,
          b,
          call.bColumn,
          call.a,
          a,
          call.aRow,
          z,
          at,
          1,
          zRow,
          call.accumulate,
          sums);
    } else {
      GemmDotTile.multiply(
          rows,
          columns,
          call.k,
          call.a,
          a,
          call.aRow,
          call.b,
          b,
          call.bColumn,
          z,
          at,
          zRow,
          1,
          call.accumulate,
          sums);
    }
  }
}
