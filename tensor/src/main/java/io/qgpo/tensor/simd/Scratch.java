package io.qgpo.tensor.simd;

/**
 * Memory of one thread for the inside of one primitive. It grows to the largest request and is
 * reused, so that a training step allocates none. Holding two at a time would be holding one twice:
 * each primitive takes it once, and no primitive calls another while it holds it.
 */
final class Scratch {
  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private float[] floats = new float[0];
  private int[] ints = new int[0];

  private Scratch() {}

  /** At least {@code size} floats of any content. */
  static float[] floats(int size) {
    Scratch scratch = OF_THREAD.get();
    if (scratch.floats.length < size) {
      scratch.floats = new float[size + size / 4];
    }
    return scratch.floats;
  }

  /** At least {@code size} ints of any content. */
  static int[] ints(int size) {
    Scratch scratch = OF_THREAD.get();
    if (scratch.ints.length < size) {
      scratch.ints = new int[size + size / 4];
    }
    return scratch.ints;
  }
}
