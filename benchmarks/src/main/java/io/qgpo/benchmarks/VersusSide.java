package io.qgpo.benchmarks;

import io.qgpo.benchmarks.Case.Group;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;

/**
 * A case of this build, for {@link Versus}, which may be another build's and so calls it through
 * the JDK's types alone.
 */
public final class VersusSide implements Runnable, AutoCloseable {
  private final TimedCase timed;

  /**
   * Makes a case ready.
   *
   * @param group its {@link Group}
   * @param label its name in the group
   * @param threads CPU threads
   * @throws IllegalArgumentException if there is no such case
   */
  public VersusSide(String group, String label, Integer threads) {
    Backend backend = Backends.choose("simd", threads).backend();
    Case one =
        Cases.of(Group.of(group)).stream()
            .filter(c -> c.label().equals(label))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no case " + label + " in " + group));
    timed = QgpoTimer.prepare(one, backend);
  }

  @Override
  public void run() {
    timed.call();
  }

  @Override
  public void close() {
    timed.close();
  }
}
