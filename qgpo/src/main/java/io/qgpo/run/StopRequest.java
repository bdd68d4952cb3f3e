package io.qgpo.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop: the run ends its step, saves, and only then does
 * the process end.
 */
public final class StopRequest implements AutoCloseable {
  /** Longest wait for a step and a checkpoint; a step of batch 4096 takes under a second. */
  private static final int PATIENCE_SECONDS = 120;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::askAndWait, "stop request");
  private volatile boolean asked;

  private StopRequest() {}

  /** Listens for signals until closed. */
  public static StopRequest install() {
    StopRequest request = new StopRequest();
    Runtime.getRuntime().addShutdownHook(request.hook);
    return request;
  }

  /** Whether the process has been asked to end. */
  public boolean isAsked() {
    return asked;
  }

  private void askAndWait() {
    asked = true;
    try {
      finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All is saved: the process may end. */
  @Override
  public void close() {
    finished.countDown();
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // Asked just now: the process ends, which is what closing allows.
      }
    }
  }
}
