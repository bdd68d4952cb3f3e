package io.qgpo.autograd;

/**
 * Switches recording off for a while, on this thread; nests.
 *
 * <pre>{@code
 * try (GradMode off = GradMode.off()) {
 *   ... // nothing here is recorded
 * }
 * }</pre>
 */
public final class GradMode implements AutoCloseable {
  private static final ThreadLocal<GradMode> MODE = ThreadLocal.withInitial(GradMode::new);

  private int depth;

  private GradMode() {}

  /** Switches recording off until the matching close. */
  public static GradMode off() {
    GradMode mode = MODE.get();
    mode.depth++;
    return mode;
  }

  /** Whether operations are recorded. */
  public static boolean isOn() {
    return MODE.get().depth == 0;
  }

  @Override
  public void close() {
    if (depth == 0) {
      throw new IllegalStateException("GradMode.close: recording is not off; close it once");
    }
    depth--;
  }
}
