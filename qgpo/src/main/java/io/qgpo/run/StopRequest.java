package io.qgpo.run;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop. While there is something to save, the run ends
 * its step, saves, and only then does the process end; while there is not, it ends at once.
 */
public final class StopRequest implements AutoCloseable {
  /** Longest wait for a step and a checkpoint; a step of batch 4096 takes under a second. */
  private static final int PATIENCE_SECONDS = 120;

  private final Consumer<String> messages;
  private final Thread hook = new Thread(this::askAndWait, "stop request");
  private volatile boolean asked;
  private boolean closed;

  /** What to say when the process ends at once; null while there is something to save. */
  private String farewell;

  StopRequest(String farewell, Consumer<String> messages) {
    this.farewell = farewell;
    this.messages = messages;
  }

  /**
   * Listens for signals until closed. At first there is nothing to save.
   *
   * @param farewell a sentence for whom asks meanwhile
   * @param messages takes it
   */
  public static StopRequest install(String farewell, Consumer<String> messages) {
    StopRequest request = new StopRequest(farewell, messages);
    Runtime.getRuntime().addShutdownHook(request.hook);
    return request;
  }

  /** Whether the process has been asked to end. */
  public boolean isAsked() {
    return asked;
  }

  /**
   * Does something short unless the process has been asked to end; a farewell waits for it, so that
   * what is printed here never follows one.
   */
  public synchronized void unlessAsked(Runnable action) {
    if (!asked) {
      action.run();
    }
  }

  /** From here on there is something to save: the process waits until that is done. */
  public synchronized void waitForSave() {
    farewell = null;
  }

  /**
   * From here on all is saved: the process ends at once.
   *
   * @param sentence what to say then
   */
  public synchronized void endAtOnce(String sentence) {
    farewell = sentence;
    notifyAll();
  }

  synchronized void askAndWait() {
    asked = true;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (!closed && farewell == null && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!closed) {
      messages.accept(
          farewell != null
              ? farewell
              : "Ended without a save, for which %d seconds were not enough: resumed, the run takes"
                      .formatted(PATIENCE_SECONDS)
                  + " the steps since its last checkpoint again.");
    }
  }

  /** All is done: the process may end. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // Asked just now: the process ends, which is what closing allows.
      }
    }
  }
}
