package io.qgpo.tensor.simd;

import io.qgpo.tensor.cpu.AlignedFloats;

/**
 * What a thread needs for products and keeps between them: the call it makes, the drivers, and
 * scratch arrays that grow to the largest shape seen, those of 64 KB and more at once to the 512 KB
 * that lie well in memory, and are bounded by the drivers' own limits.
 */
final class GemmWorkspace {
  private static final ThreadLocal<GemmWorkspace> LOCAL =
      ThreadLocal.withInitial(GemmWorkspace::new);

  final GemmCall call = new GemmCall();
  final GemmEpilogue epilogue = new GemmEpilogue();
  final GemmBlocked blocked = new GemmBlocked(call);
  final GemmSplit split = new GemmSplit(call);
  final GemmDot dot = new GemmDot(call);

  /** A register tile that hangs over the edge of c, or sums not yet added up over their lanes. */
  final float[] edge = new float[Math.max(GemmTile.ROWS * GemmTile.COLUMNS, GemmDotTile.SUMS)];

  private float[] packed = new float[0];
  private float[] block = new float[0];

  /** Takes the value of {@link GemmPacking#touch} so that its reads are not optimised away. */
  float sink;

  /** The workspace of the current thread. */
  static GemmWorkspace local() {
    return LOCAL.get();
  }

  /**
   * For packed operands, which the threads of one call share, and partial sums: from {@link
   * AlignedFloats#START} on.
   */
  float[] packed(int size) {
    packed = grown(packed, size);
    return packed;
  }

  /** For what one thread computes within one chunk: from {@link AlignedFloats#START} on. */
  float[] block(int size) {
    block = grown(block, size);
    return block;
  }

  private static float[] grown(float[] x, int size) {
    if (x.length - AlignedFloats.START >= size) {
      return x;
    }
    boolean small = size < AlignedFloats.LEAST_ALIGNED / 8;
    return AlignedFloats.allocate(small ? size : Math.max(size, AlignedFloats.LEAST_ALIGNED));
  }

  /** Replaces the narrow b of the call by a copy whose columns are contiguous. */
  void packTransposed() {
    float[] copy = packed(call.n * call.k);
    int to = AlignedFloats.START;
    for (int p = 0; p < call.k; p++) {
      for (int j = 0; j < call.n; j++) {
        copy[to + j * call.k + p] = call.b[call.bOffset + p * call.bStep + j];
      }
    }
    call.b = copy;
    call.bOffset = to;
    call.bStep = 1;
    call.bColumn = call.k;
  }
}
