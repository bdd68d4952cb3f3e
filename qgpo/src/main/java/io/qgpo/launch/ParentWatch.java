package io.qgpo.launch;

import java.util.Optional;

/**
 * Ends this process when the launcher that started it is gone, so that none trains on unseen after
 * its terminal, job or container step was killed. Shutdown hooks run, so a checkpoint is saved.
 */
public final class ParentWatch implements Runnable {
  /** System property by which a launcher gives its process id. */
  public static final String PARENT = "io.qgpo.launch.parent";

  /** Between two looks: short for a person who waits, and a few microseconds of work. */
  private static final long PERIOD_MILLIS = 250;

  /** As after a hang-up: 128 + SIGHUP. */
  private static final int PARENT_GONE = 129;

  private final long parentPid;

  private ParentWatch(long parentPid) {
    this.parentPid = parentPid;
  }

  /** Starts watching in the background; does nothing in a process that no launcher started. */
  public static void start() {
    Long pid = Long.getLong(PARENT);
    if (pid != null) {
      Thread thread = new Thread(new ParentWatch(pid), "parent-watch");
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public void run() {
    while (hasParent()) {
      try {
        Thread.sleep(PERIOD_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
    System.exit(PARENT_GONE);
  }

  /**
   * True while the launcher lives. Asked anew each time: on Unix a process whose parent dies gets
   * another one at once, while the dead parent counts as alive until its own parent reaps it.
   */
  private boolean hasParent() {
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    return parent.isPresent() && parent.get().pid() == parentPid && parent.get().isAlive();
  }
}
