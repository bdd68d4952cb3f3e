package io.qgpo.benchmarks;

import io.qgpo.benchmarks.Case.Group;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What a process that times one library on a group of cases does. */
public final class CaseTimer {
  /** Seconds of timed calls of a small case. */
  private static final double SECONDS = 0.4;

  /** Seconds of timed calls of a workload. */
  static final double WORKLOAD_SECONDS = 6;

  private CaseTimer() {}

  /**
   * Times cases of a group and prints them.
   *
   * @param only those whose name contains it
   * @param library its name, version and device
   * @param prepare makes a case ready in the library; null for one that the library has not
   * @param flop floating-point operations of a case
   */
  public static void run(
      Group group,
      String only,
      String library,
      Function<Case, TimedCase> prepare,
      ToDoubleFunction<Case> flop) {
    for (Case one : Cases.of(group, only)) {
      double seconds = one.kind() == Case.Kind.WORKLOAD ? WORKLOAD_SECONDS : SECONDS;
      try (TimedCase timed = prepare.apply(one)) {
        if (timed != null) {
          Timing.measure(
                  one.label(),
                  library,
                  seconds,
                  timed::call,
                  timed::result,
                  flop.applyAsDouble(one),
                  one.bytes())
              .print();
        }
      }
    }
  }
}
