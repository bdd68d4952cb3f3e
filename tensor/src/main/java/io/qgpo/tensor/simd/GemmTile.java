package io.qgpo.tensor.simd;

/**
 * The register tile that all blocked products are made of, in the size this machine's registers
 * take.
 */
final class GemmTile {
  private static final int LANES = VectorMath.SPECIES.length();

  /**
   * Whether there are 32 vector registers: with 512-bit vectors and on ARM always. The JDK does not
   * tell for narrower vectors on x86, where 16 is the safe answer.
   */
  static final boolean WIDE = LANES == 16 || System.getProperty("os.arch", "").equals("aarch64");

  /** Rows of a tile. */
  static final int ROWS = WIDE ? GemmTile6.ROWS : GemmTile4.ROWS;

  /** Columns of the widest tile. */
  static final int COLUMNS = (WIDE ? GemmTile6.VECTORS : GemmTile4.VECTORS) * LANES;

  private GemmTile() {}

  /** The least multiple of the vector length that is not below {@code columns}. */
  static int padded(int columns) {
    return (columns + LANES - 1) / LANES * LANES;
  }

  /**
   * Columns of an operand, from the first on, whose panels may be read as they lie: a vector at a
   * ragged right edge would read over the end, so that panel has to be packed.
   */
  static int readableColumns(int columns) {
    return padded(columns) == columns ? columns : (columns - 1) / COLUMNS * COLUMNS;
  }

  /**
   * c = a b, or c + a b, for one tile: element (i, p) of a is at {@code aOffset + i aRow + p
   * aStep}, element (p, j) of b at {@code bOffset + p bStep + j}, element (i, j) of c at {@code
   * cOffset + i cRow + j}. The rows of b must have {@code padded(columns)} elements.
   *
   * @param rows 1 to {@link #ROWS}
   * @param columns 1 to {@link #COLUMNS}
   * @param edge scratch of ROWS x COLUMNS, for tiles that c has no room for; null if it has room
   *     for {@code padded(columns)} of ROWS rows, which then receive something
   */
  static void multiply(
      int rows,
      int columns,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate,
      float[] edge) {
    int vectors = (columns + LANES - 1) / LANES;
    if (edge == null || ((rows == ROWS || rows == 1) && columns == vectors * LANES)) {
      whole(
          rows,
          vectors,
          k,
          a,
          aOffset,
          aRow,
          aStep,
          b,
          bOffset,
          bStep,
          c,
          cOffset,
          cRow,
          accumulate);
      return;
    }
    whole(rows, vectors, k, a, aOffset, aRow, aStep, b, bOffset, bStep, edge, 0, COLUMNS, false);
    for (int i = 0; i < rows; i++) {
      int from = i * COLUMNS;
      int to = cOffset + i * cRow;
      if (accumulate) {
        for (int j = 0; j < columns; j++) {
          c[to + j] += edge[from + j];
        }
      } else {
        System.arraycopy(edge, from, c, to, columns);
      }
    }
  }

  /** Writes one row, or all rows of the tile: those from {@code rows} on repeat the last one. */
  private static void whole(
      int rows,
      int vectors,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      int cRow,
      boolean add) {
    if (rows == 1) {
      GemmRowTile.multiply(vectors, k, a, aOffset, aStep, b, bOffset, bStep, c, cOffset, add);
    } else if (WIDE) {
      switch (vectors) {
        case 1 ->
            GemmTile6.tile6x1(
                rows, k, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, add);
        case 2 ->
            GemmTile6.tile6x2(
                rows, k, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, add);
        case 3 ->
            GemmTile6.tile6x3(
                rows, k, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, add);
        default ->
            GemmTile6.tile6x4(
                rows, k, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, add);
      }
    } else {
      switch (vectors) {
        case 1 ->
            GemmTile4.tile4x1(
                rows, k, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, add);
        case 2 ->
            GemmTile4.tile4x2(
                rows, k, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, add);
        default ->
            GemmTile4.tile4x3(
                rows, k, a, aOffset, aRow, aStep, b, bOffset, bStep, c, cOffset, cRow, add);
      }
    }
  }
}
