package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.VectorMath.INTS;
import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.qgpo.tensor.Philox;
import io.qgpo.tensor.ShapeChecks;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Random numbers: Philox words by chunks of blocks, then what is made of them. Integers and uniform
 * numbers are those of the oracle bit by bit; normal ones agree to 1e-6 of the radius.
 */
final class RandomOps {
  private static final int LENGTH = SPECIES.length();
  private static final VectorShuffle<Integer> RADIUS_WORDS =
      VectorShuffle.fromOp(INTS, i -> i & ~1);
  private static final VectorShuffle<Integer> ANGLE_WORDS = VectorShuffle.fromOp(INTS, i -> i | 1);

  /** Quarter turns that make a sine a cosine in even places. */
  private static final IntVector PHASES = IntVector.zero(INTS).addIndex(1).and(1).lanewise(XOR, 1);

  /** A word as a signed fraction of a turn, in radians. */
  private static final float RADIANS = (float) (0x1p-32 * 2 * Math.PI);

  /**
   * Elements of one chunk: a quarter of {@link Chunks#ELEMENTS}, since one costs some 4
   * nanoseconds, and a multiple of a block's 4 and of every vector width.
   */
  private static final int CHUNK = 4096;

  /** Makes the elements {@code from} to {@code from + n} of the result out of {@code words}. */
  private interface Maker {
    void make(int[] words, int from, int n);
  }

  private RandomOps() {}

  static void uniform(Parallel pool, Tensor state, double low, double high, Tensor out) {
    float[] z = HostStorage.floats(out);
    draw(
        pool,
        state,
        out.size(),
        (words, from, n) -> {
          for (int i = 0; i < n; ) {
            int k = HostStorage.index(out, from + i);
            int run = run(out, from + i, n - i);
            for (int end = i + run; i < end; i++) {
              z[k++] = Philox.uniform(words[i], low, high);
            }
          }
        });
  }

  static void indices(Parallel pool, Tensor state, int bound, Tensor out) {
    int[] z = HostStorage.ints(out);
    draw(
        pool,
        state,
        out.size(),
        (words, from, n) -> {
          for (int i = 0; i < n; i++) {
            z[HostStorage.index(out, from + i)] = Philox.index(words[i], bound);
          }
        });
  }

  static void normal(Parallel pool, Tensor state, Tensor out) {
    float[] z = HostStorage.floats(out);
    draw(
        pool,
        state,
        out.size(),
        (words, from, n) -> {
          float[] normals = Scratch.floats(CHUNK);
          radii(words, normals, n);
          waves(words, normals, n);
          for (int i = 0; i < n; ) {
            int run = run(out, from + i, n - i);
            System.arraycopy(normals, i, z, HostStorage.index(out, from + i), run);
            i += run;
          }
        });
  }

  // Box-Muller, in two loops: as one it is more than the compiler takes in.

  /**
   * z = sqrt(-2 log u), u = (word + 1/2) 2^-32, with the first word of its pair for both. A float
   * holds 24 of u's 33 bits; near u = 1 the others are all there is of log u. So u is split into an
   * exact high and low part, and what rounding their sum lost is added to the logarithm to first
   * order.
   */
  private static void radii(int[] words, float[] z, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      IntVector word = IntVector.fromArray(INTS, words, i).rearrange(RADIUS_WORDS);
      FloatVector high = (FloatVector) word.lanewise(LSHR, 8).convert(I2F, 0);
      FloatVector low = (FloatVector) word.and(0xFF).convert(I2F, 0);
      high = high.mul(0x1p-24f);
      low = low.add(0.5f).mul(0x1p-32f);
      FloatVector u = high.add(low);
      FloatVector lost = low.sub(u.sub(high));
      VectorMath.log(u).add(lost.div(u)).mul(-2f).sqrt().intoArray(z, i);
    }
  }

  /** z *= the cosine, in odd places the sine, of the angle that is the second word of its pair. */
  private static void waves(int[] words, float[] z, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      IntVector word = IntVector.fromArray(INTS, words, i).rearrange(ANGLE_WORDS);
      FloatVector angle = ((FloatVector) word.convert(I2F, 0)).mul(RADIANS);
      FloatVector wave = VectorMath.sinOfQuarterTurns(angle, PHASES);
      fromArray(SPECIES, z, i).mul(wave).intoArray(z, i);
    }
  }

  /** Runs over {@code size} elements, a word each, and advances the counter. */
  private static void draw(Parallel pool, Tensor state, int size, Maker maker) {
    ShapeChecks.vector("random", "state", 4, state);
    int[] s = HostStorage.ints(state);
    int o = state.offset();
    int key0 = s[o];
    int key1 = s[o + 1];
    long counter = (s[o + 2] & 0xFFFFFFFFL) | ((long) s[o + 3] << 32);
    pool.run(
        Chunks.count(size, CHUNK),
        chunk -> {
          int from = chunk * CHUNK;
          int n = Math.min(CHUNK, size - from);
          int[] words = Scratch.ints(CHUNK);
          for (int i = 0; i < n; i += 4) {
            long c = counter + ((from + i) >>> 2);
            Philox.block(key0, key1, (int) c, (int) (c >>> 32), 0, 0, words, i);
          }
          maker.make(words, from, n);
        });
    long next = counter + ((size + 3L) >>> 2);
    s[o + 2] = (int) next;
    s[o + 3] = (int) (next >>> 32);
  }

  /** How many of {@code n} elements from element {@code i} on are adjacent. */
  private static int run(Tensor out, int i, int n) {
    return out.isContiguous() ? n : Math.min(n, out.columns() - i % out.columns());
  }
}
