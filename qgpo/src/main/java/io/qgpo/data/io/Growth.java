package io.qgpo.data.io;

/** How arrays grow. */
final class Growth {
  /** The longest array that every JVM can allocate. */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  private Growth() {}

  /** At least {@code needed}, and half as much again as before, so that appending stays linear. */
  static int capacity(int before, int needed) {
    if (needed > LONGEST) {
      throw new OutOfMemoryError("an array of " + needed + " values");
    }
    return (int) Math.min(LONGEST, Math.max(needed, before + (long) (before / 2)));
  }
}
