package io.qgpo.tensor.simd;

import static io.qgpo.tensor.cpu.AlignedFloats.START;

import io.qgpo.tensor.cpu.Parallel;

/**
 * The product by blocks of c: b is packed into panels once, by all threads together or, if there
 * are few rows, by the chunk that needs them; then each chunk computes one block of c from rows of
 * a where they lie. For the forms whose rows of a are contiguous; it is right for all.
 */
final class GemmBlocked {
  /** Steps of k at a time: 6 rows of a take 12 KB of a 32 KB first-level cache. */
  private static final int K_BLOCK = 512;

  /** Elements of b that a chunk works with at a time: 512 KB, half of a second-level cache. */
  private static final int B_BLOCK = 128 * 1024;

  /** Rows of c in a chunk: with 512 columns 96 KB; more where that would be too little work. */
  private static final int ROW_BLOCK = 48;

  /** Columns of c in a chunk, at most. */
  private static final int COLUMN_CHUNK = 1024;

  /** Chunks that keep several threads evenly busy. */
  private static final int CHUNKS = 32;

  /** Operations that make a chunk worth handing over: about 10 microseconds of one core. */
  private static final double CHUNK_FLOPS = 1e6;

  /** Elements of b packed at a time, unless one panel has more: 16 MB. */
  private static final int PACKED = 4 * 1024 * 1024;

  /** Elements in a chunk of packing. */
  private static final int PACK_CHUNK = 16 * 1024;

  /** Up to this many rows of c, packing b costs more than it gains. */
  private static final int UNPACKED_ROWS = 48;

  /** Up to this many, c is cut into columns alone, so that each thread reads its part of b only. */
  private static final int FEW_ROWS = 64;

  /** As {@link #CHUNK_FLOPS}, for few rows: without threads such a product would be latency. */
  private static final double FEW_ROWS_CHUNK_FLOPS = 250e3;

  private final GemmCall call;
  private final Parallel.ChunkTask packTask = this::pack;
  private final Parallel.ChunkTask blockTask = this::block;

  private boolean unpacked;

  /**
   * Whether a chunk packs the columns of b that no other one needs, which are then in its cache.
   */
  private boolean chunksPack;

  private float[] packed;
  private int packedOffset;
  private int firstColumn;
  private int columns;
  private int kBlock;
  private int kBlocks;
  private int directColumns;
  private int panelsPerPack;
  private int packGroups;
  private int columnsPerBlock;
  private int columnsPerChunk;
  private int rowsPerChunk;
  private int rowChunks;

  GemmBlocked(GemmCall call) {
    this.call = call;
  }

  /** Whether all of b is packed at a time, so that one packing serves any number of products. */
  static boolean packsAtOnce(int n, int k) {
    return (long) GemmTile.padded(n) * k <= PACKED;
  }

  /** Packs b into the call's {@code packed}, for products to come. */
  void packOnly(Parallel pool) {
    cutTerms();
    firstColumn = 0;
    columns = call.n;
    directColumns = 0;
    packed = call.packed;
    packedOffset = call.packedOffset;
    pack(pool);
    packed = null;
  }

  private void cutTerms() {
    kBlocks = Math.max(1, Math.ceilDiv(call.k, K_BLOCK));
    kBlock = Math.max(1, Math.ceilDiv(call.k, kBlocks));
  }

  void run(Parallel pool) {
    int k = call.k;
    cutTerms();
    unpacked = call.packed == null && call.bColumn == 1 && call.m <= UNPACKED_ROWS;
    int most =
        unpacked || call.packed != null
            ? call.n
            : Math.max(1, PACKED / Math.max(1, k) / GemmTile.COLUMNS) * GemmTile.COLUMNS;
    for (firstColumn = 0; firstColumn < call.n; firstColumn += most) {
      columns = Math.min(most, call.n - firstColumn);
      runColumns(pool);
    }
    packed = null;
  }

  private void runColumns(Parallel pool) {
    boolean fewRows = call.m <= FEW_ROWS;
    chunksPack = fewRows && call.packed == null;
    int panels = Math.ceilDiv(columns, GemmTile.COLUMNS);
    directColumns = unpacked ? GemmTile.readableColumns(columns) : 0;
    if (call.packed != null) {
      packed = call.packed;
      packedOffset = call.packedOffset;
    } else if (directColumns < columns) {
      packed = GemmWorkspace.local().packed(call.k * GemmTile.padded(columns - directColumns));
      packedOffset = START;
      if (!fewRows) {
        pack(pool);
      }
    }
    int most = Math.min(B_BLOCK / kBlock, COLUMN_CHUNK) / GemmTile.COLUMNS;
    int columnBlocks = Math.ceilDiv(panels, Math.max(1, most));
    if (fewRows) {
      double even = Math.clamp(call.flops() / FEW_ROWS_CHUNK_FLOPS, 1, CHUNKS);
      columnBlocks = Math.max(columnBlocks, (int) Math.min(panels, even));
    }
    columnsPerBlock = Math.ceilDiv(panels, columnBlocks) * GemmTile.COLUMNS;
    columnsPerChunk = columnsPerBlock;
    if (fewRows) {
      rowsPerChunk = call.m;
    } else if (call.m >= CHUNKS * ROW_BLOCK) {
      // Whole rows, which memory streams: what is read and written of half rows took 4 % longer.
      rowsPerChunk = ROW_BLOCK;
      columnsPerChunk *= Math.max(1, COLUMN_CHUNK / columnsPerBlock);
    } else {
      rowsPerChunk = rowsPerChunk(Math.ceilDiv(columns, columnsPerBlock));
    }
    rowChunks = Math.ceilDiv(call.m, rowsPerChunk);
    pool.run(rowChunks * Math.ceilDiv(columns, columnsPerChunk), blockTask);
  }

  private void pack(Parallel pool) {
    panelsPerPack = Math.max(1, PACK_CHUNK / (kBlock * GemmTile.COLUMNS));
    packGroups = Math.ceilDiv(columns - directColumns, panelsPerPack * GemmTile.COLUMNS);
    pool.run(packGroups * kBlocks, packTask);
  }

  /** Rows of c in a chunk: a multiple of the tile's, by the shape alone. */
  private int rowsPerChunk(int columnBlocks) {
    int tiles = Math.ceilDiv(call.m, GemmTile.ROWS);
    int most = ROW_BLOCK / GemmTile.ROWS;
    int even = Math.max(1, tiles * columnBlocks / CHUNKS);
    double tileFlops = call.flops() / columnBlocks / tiles;
    int least = (int) Math.min(tiles, Math.ceil(CHUNK_FLOPS / Math.max(1, tileFlops)));
    return Math.max(least, Math.min(most, even)) * GemmTile.ROWS;
  }

  private void pack(int chunk) {
    int group = panelsPerPack * GemmTile.COLUMNS;
    int first = directColumns + chunk % packGroups * group;
    pack(chunk / packGroups * kBlock, first, Math.min(columns, first + group));
  }

  private void pack(int k0, int first, int end) {
    int depth = Math.min(kBlock, call.k - k0);
    for (int column = first; column < end; column += GemmTile.COLUMNS) {
      GemmPacking.pack(
          depth,
          Math.min(GemmTile.COLUMNS, columns - column),
          call.b,
          call.bOffset + k0 * call.bStep + (firstColumn + column) * call.bColumn,
          call.bStep,
          call.bColumn,
          packed,
          packedAt(k0, depth, column));
    }
  }

  /** Where the panel that begins at a column lies, of the k-block of some depth at k0. */
  private int packedAt(int k0, int depth, int column) {
    return packedOffset
        + k0 * GemmTile.padded(columns - directColumns)
        + depth * (column - directColumns);
  }

  private void block(int chunk) {
    int row = chunk % rowChunks * rowsPerChunk;
    int rowEnd = Math.min(call.m, row + rowsPerChunk);
    int column = chunk / rowChunks * columnsPerChunk;
    int columnEnd = Math.min(columns, column + columnsPerChunk);
    if (chunksPack) {
      for (int k0 = 0; k0 < call.k; k0 += kBlock) {
        pack(k0, Math.max(column, directColumns), columnEnd);
      }
    }
    if (call.c != null) {
      int first = call.cOffset + row * call.cRow + firstColumn + column;
      product(row, rowEnd, column, columnEnd, call.c, first, call.cRow);
      return;
    }
    // With room for whole tiles.
    int zRow = GemmTile.padded(columnEnd - column);
    int tiles = Math.ceilDiv(rowEnd - row, GemmTile.ROWS);
    float[] z = GemmWorkspace.local().block(tiles * GemmTile.ROWS * zRow);
    product(row, rowEnd, column, columnEnd, z, START, zRow);
    call.epilogue.apply(
        row, firstColumn + column, rowEnd - row, columnEnd - column, z, START, zRow);
  }

  /** Computes a part of the product to where {@code z} says, by blocks of b that stay in cache. */
  private void product(
      int row, int rowEnd, int column, int columnEnd, float[] z, int zOffset, int zRow) {
    float[] edge = GemmWorkspace.local().edge;
    for (int j = column; j < columnEnd; j += columnsPerBlock) {
      int blockEnd = Math.min(columnEnd, j + columnsPerBlock);
      for (int k0 = 0; k0 == 0 || k0 < call.k; k0 += kBlock) {
        for (int i = row; i < rowEnd; i += GemmTile.ROWS) {
          int rows = Math.min(GemmTile.ROWS, rowEnd - i);
          int strip = zOffset + (i - row) * zRow + j - column;
          strip(edge, i, rows, j, blockEnd, k0, z, strip, zRow);
        }
      }
    }
  }

  /** One tile's height of a block, over its width. */
  private void strip(
      float[] edge,
      int row,
      int rows,
      int column,
      int columnEnd,
      int k0,
      float[] z,
      int zStrip,
      int zRow) {
    int depth = Math.min(kBlock, call.k - k0);
    boolean add = call.accumulate || k0 > 0;
    for (int j = column; j < columnEnd; j += GemmTile.COLUMNS) {
      int width = Math.min(GemmTile.COLUMNS, columnEnd - j);
      boolean direct = j < directColumns;
      GemmTile.multiply(
          rows,
          width,
          depth,
          call.a,
          call.aOffset + row * call.aRow + k0 * call.aStep,
          call.aRow,
          call.aStep,
          direct ? call.b : packed,
          direct ? call.bOffset + k0 * call.bStep + firstColumn + j : packedAt(k0, depth, j),
          direct ? call.bStep : GemmTile.padded(width),
          z,
          zStrip + j - column,
          zRow,
          add,
          call.c == null ? null : edge);
    }
  }
}
