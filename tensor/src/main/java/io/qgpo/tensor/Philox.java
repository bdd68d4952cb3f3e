package io.qgpo.tensor;

/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): ten rounds
 * that turn a 128-bit counter and a 64-bit key into four 32-bit words. Element i of a draw takes
 * word i mod 4 of block i / 4, so every device gives the same integers in any order of work.
 */
public final class Philox {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final double TWO_POW_MINUS_32 = 0x1p-32;

  private Philox() {}

  /**
   * One block.
   *
   * @param out receives four words at {@code at}
   */
  public static void block(int k0, int k1, int c0, int c1, int c2, int c3, int[] out, int at) {
    for (int round = 0; round < 10; round++) {
      long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    out[at] = c0;
    out[at + 1] = c1;
    out[at + 2] = c2;
    out[at + 3] = c3;
  }

  /** The key of a named stream: FNV-1a over the name, mixed with the seed by SplitMix64. */
  public static long key(long seed, String name) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
    }
    return mix(mix(seed + 0x9E3779B97F4A7C15L) ^ hash);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A word as a number in [0, 1), exact multiples of 2^-24 so that float32 holds it. */
  public static float unit(int word) {
    return (word >>> 8) * 0x1p-24f;
  }

  /** A word as a float in [low, high): rounding up to {@code high} itself is undone. */
  public static float uniform(int word, double low, double high) {
    float value = (float) (low + (high - low) * unit(word));
    return value < (float) high ? value : Math.max((float) low, Math.nextDown((float) high));
  }

  /** A word as an index from 0 to bound-1, by multiplication; the bias is at most bound 2^-32. */
  public static int index(int word, int bound) {
    return (int) (((word & 0xFFFFFFFFL) * bound) >>> 32);
  }

  /** sqrt(-2 log u) for u from a word: the radius of a Box-Muller pair. */
  public static double radius(int word) {
    double u = ((word & 0xFFFFFFFFL) + 0.5) * TWO_POW_MINUS_32;
    return Math.sqrt(-2 * StrictMath.log(u));
  }

  /** The angle of a Box-Muller pair, in radians; even elements take its cosine, odd its sine. */
  public static double angle(int word) {
    return (word & 0xFFFFFFFFL) * (TWO_POW_MINUS_32 * 2 * Math.PI);
  }
}
