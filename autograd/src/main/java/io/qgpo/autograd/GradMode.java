package io.qgpo.autograd;

/**
 * Switches recording off, or on again, for a while, on this thread; nests.
 *
 * <pre>{@code
 * try (GradMode _ = GradMode.off()) {
 *   ... // nothing here is recorded
 * }
 * }</pre>
 */
public final class GradMode implements AutoCloseable {
  private static final class State {
    private boolean recording = true;
    private int depth;
  }

  private static final ThreadLocal<State> STATE = ThreadLocal.withInitial(State::new);

  private final State state;
  private final boolean before;
  private final int depth;

  private GradMode(boolean recording) {
    state = STATE.get();
    before = state.recording;
    depth = ++state.depth;
    state.recording = recording;
  }

  /** Nothing is recorded until the matching close. */
  public static GradMode off() {
    return new GradMode(false);
  }

  /** Operations are recorded until the matching close, also inside {@link #off}. */
  public static GradMode on() {
    return new GradMode(true);
  }

  /** Whether operations are recorded. */
  public static boolean isOn() {
    return STATE.get().recording;
  }

  /**
   * Back to what was before.
   *
   * @throws IllegalStateException if it is closed on another thread, out of order, or twice
   */
  @Override
  public void close() {
    if (STATE.get() != state || state.depth != depth) {
      throw new IllegalStateException(
          "GradMode.close: expected the switch opened last on this thread, and not closed yet;"
              + " close in reverse order on the thread that opened it, best with"
              + " try-with-resources");
    }
    state.recording = before;
    state.depth--;
  }
}
