package io.qgpo.tensor.cpu;

/**
 * Arrays whose elements, from {@link #START} on, begin at a cache line. A vector of 512 bits that
 * begins elsewhere reads two lines; on Zen 5, products of large operands that do take 1.01 to 1.16
 * of the time, and training steps 1.05 to 1.07 (benchmarks/RESULTS.md).
 *
 * <p>Java does not say where an array lies. HotSpot's begins with a header of 16 bytes (12 with
 * compact object headers, which so spoil it), and G1, its collector on machines with two processors
 * and 2 GB, puts an array of more than half a region at the start of one: with {@code
 * -XX:G1HeapRegionSize=1m} each of 512 KB and more. Elsewhere the padding gains nothing and costs
 * 48 bytes.
 */
public final class AlignedFloats {
  /** Index of the first element: with the header a line of 64 bytes. */
  public static final int START = 12;

  /** Elements from which on an array takes more than half of a region of 1 MB. */
  public static final int LEAST_ALIGNED = 128 * 1024;

  private AlignedFloats() {}

  /**
   * Zeros, with room for {@code size} elements behind {@link #START}.
   *
   * @throws OutOfMemoryError if the JVM has no such array
   */
  public static float[] allocate(int size) {
    // Of a size beyond all arrays the JVM says so itself.
    return new float[size + Math.min(START, Integer.MAX_VALUE - size)];
  }
}
