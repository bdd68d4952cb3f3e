package io.qgpo.tensor.simd;

import static io.qgpo.tensor.cpu.AlignedFloats.START;

import io.qgpo.tensor.cpu.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product with a transposed a: the gradient of a weight, summed over the many rows of a batch.
 *
 * <p>k is cut into slices, each summed into a private copy of c, which are then added up in their
 * order: a chunk goes through its own part of a and b once, and threads meet only twice. It does so
 * by blocks of k that fit into the second-level cache, and reads each block in the order of
 * addresses before the tiles go down its columns: memory streams whole rows at 20 to 30 GB/s a
 * core, but pieces of them, a panel's 256 bytes of each 2 KB, at 6. Slices and blocks come from the
 * shape, so the bits do not depend on the threads.
 */
final class GemmSplit {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

  /** Steps of k at a time, at most. */
  private static final int K_BLOCK = 256;

  /** Elements of a and b in a block of k: 768 KB of a second-level cache of 1 MB. */
  private static final int CACHED = 192 * 1024;

  /** Rows of c in a block, at most. */
  private static final int ROW_BLOCK = 528 / GemmTile.ROWS * GemmTile.ROWS;

  /** Columns of c in a block. */
  private static final int COLUMN_BLOCK = 512 / GemmTile.COLUMNS * GemmTile.COLUMNS;

  /** Chunks that keep a few threads evenly busy; more slices would cost more traffic. */
  private static final int CHUNKS = 8;

  /** Steps of k that make a slice worth a copy of c. */
  private static final int SLICE = 512;

  /** Operations that make a chunk worth handing over. */
  private static final double CHUNK_FLOPS = 0.4e6;

  /**
   * From so many rows in a chunk and columns of c on, packing b costs less than it gains, which is
   * that its rows, far apart, do not meet in the same few sets of the first-level cache.
   */
  private static final int PACK_ROWS = 256;

  private static final int PACK_COLUMNS = 384;

  /** Elements of c that a chunk adds up. */
  private static final int SUM_CHUNK = 4 * 1024;

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
  private int blocks;
  private int slices;
  private int sliceSteps;
  private int kBlock;
  private boolean packs;
  private float[] partial;
  private int rowsPerSum;

  GemmSplit(GemmCall call) {
    this.call = call;
  }

  /** Needs {@code aRow == 1} and {@code bColumn == 1}. */
  void run(Parallel pool) {
    chooseFactors();
    int columnBlocks = Math.ceilDiv(n, COLUMN_BLOCK);
    slices = Math.clamp(call.k / SLICE, 1, Math.ceilDiv(CHUNKS, columnBlocks));
    sliceSteps = Math.ceilDiv(call.k, slices);
    double most = Math.max(1, call.flops() / slices / columnBlocks / CHUNK_FLOPS);
    int wanted = (int) Math.min(most, Math.ceilDiv(CHUNKS, slices * columnBlocks));
    int tiles = Math.ceilDiv(m, GemmTile.ROWS);
    rowsPerBlock = Math.min(ROW_BLOCK, Math.ceilDiv(tiles, wanted) * GemmTile.ROWS);
    rowBlocks = Math.ceilDiv(m, rowsPerBlock);
    packs = Math.min(m, rowsPerBlock) >= PACK_ROWS && n >= PACK_COLUMNS;
    int width = Math.min(m, rowsPerBlock) + (packs ? 2 : 1) * Math.min(n, COLUMN_BLOCK);
    kBlock = Math.clamp(CACHED / width, 1, K_BLOCK);

    boolean straight = slices == 1 && !exchanged;
    partial = straight ? null : GemmWorkspace.local().packed(slices * m * n);
    blocks = rowBlocks * columnBlocks;
    pool.run(slices * blocks, blockTask);
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
    // By slices, so that a thread's part of the run is its part of the rows of a and b.
    int slice = chunk / blocks;
    int block = chunk % blocks;
    int row = block % rowBlocks * rowsPerBlock;
    int rowEnd = Math.min(m, row + rowsPerBlock);
    int column = block / rowBlocks * COLUMN_BLOCK;
    int columnEnd = Math.min(n, column + COLUMN_BLOCK);
    int k0 = slice * sliceSteps;
    int end = Math.min(call.k, k0 + sliceSteps);
    boolean add = partial == null && call.accumulate;
    do {
      int depth = Math.max(0, Math.min(kBlock, end - k0));
      steps(slice, row, rowEnd, column, columnEnd, k0, depth, add);
      add = true;
      k0 += kBlock;
    } while (k0 < end);
  }

  private void steps(
      int slice, int row, int rowEnd, int column, int columnEnd, int k0, int depth, boolean add) {
    GemmWorkspace workspace = GemmWorkspace.local();
    float[] z = partial != null ? partial : call.c;
    int zRow = partial != null ? n : call.cRow;
    int zOffset = partial != null ? copyOf(slice) : call.cOffset;
    int from = bOffset + k0 * bStep;
    workspace.sink += GemmPacking.touch(depth, rowEnd - row, a, aOffset + k0 * aStep + row, aStep);
    workspace.sink += GemmPacking.touch(depth, columnEnd - column, b, from + column, bStep);
    int packedFrom = column + (packs ? 0 : GemmTile.readableColumns(columnEnd - column));
    float[] packed = workspace.block(depth * GemmTile.padded(columnEnd - packedFrom));
    for (int j = packedFrom; j < columnEnd; j += GemmTile.COLUMNS) {
      int columns = Math.min(GemmTile.COLUMNS, columnEnd - j);
      GemmPacking.pack(
          depth, columns, b, from + j, bStep, 1, packed, START + depth * (j - packedFrom));
    }
    for (int i = row; i < rowEnd; i += GemmTile.ROWS) {
      for (int j = column; j < columnEnd; j += GemmTile.COLUMNS) {
        boolean direct = j < packedFrom;
        int columns = Math.min(GemmTile.COLUMNS, columnEnd - j);
        GemmTile.multiply(
            Math.min(GemmTile.ROWS, rowEnd - i),
            columns,
            depth,
            a,
            aOffset + k0 * aStep + i,
            1,
            aStep,
            direct ? b : packed,
            direct ? from + j : START + depth * (j - packedFrom),
            direct ? bStep : GemmTile.padded(columns),
            z,
            zOffset + i * zRow + j,
            zRow,
            add,
            workspace.edge);
      }
    }
  }

  /** Where the private copy of c of a slice begins. */
  private int copyOf(int slice) {
    return START + slice * m * n;
  }

  /** Adds up the slices of some rows of c. */
  private void sum(int chunk) {
    int row = chunk * rowsPerSum;
    int rowEnd = Math.min(call.m, row + rowsPerSum);
    for (int i = row; i < rowEnd; i++) {
      int to = call.cOffset + i * call.cRow;
      if (exchanged) {
        for (int slice = 0; slice < slices; slice++) {
          addColumn(copyOf(slice) + i, call.c, to, slice == 0 && !call.accumulate);
        }
      } else {
        int whole = SPECIES.loopBound(n);
        sumVectors(i * n, call.c, to, whole);
        for (int j = whole; j < n; j++) {
          float z = partial[copyOf(0) + i * n + j];
          if (call.accumulate) {
            z = call.c[to + j] + z;
          }
          for (int slice = 1; slice < slices; slice++) {
            z += partial[copyOf(slice) + i * n + j];
          }
          call.c[to + j] = z;
        }
      }
    }
  }

  private void sumVectors(int from, float[] c, int to, int count) {
    float[] x = partial;
    for (int j = 0; j < count; j += SPECIES.length()) {
      FloatVector z = FloatVector.fromArray(SPECIES, x, copyOf(0) + from + j);
      if (call.accumulate) {
        z = FloatVector.fromArray(SPECIES, c, to + j).add(z);
      }
      for (int slice = 1; slice < slices; slice++) {
        z = z.add(FloatVector.fromArray(SPECIES, x, copyOf(slice) + from + j));
      }
      z.intoArray(c, to + j);
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
