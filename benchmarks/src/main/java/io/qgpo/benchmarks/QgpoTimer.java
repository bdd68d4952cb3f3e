package io.qgpo.benchmarks;

import io.qgpo.benchmarks.Case.Group;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;

/** Times our own library in this process: {@code QgpoTimer GROUP THREADS ONLY}. */
public final class QgpoTimer {
  private QgpoTimer() {}

  /** Prints a {@link Timing} for each case. */
  public static void main(String[] args) {
    // The others compute on the CPU.
    Backend backend = Backends.choose("simd", Integer.parseInt(args[1])).backend();
    CaseTimer.run(
        Group.of(args[0]),
        args[2],
        "qgpo, " + backend.description(),
        one -> prepare(one, backend),
        one -> one.kind() == Case.Kind.WORKLOAD ? flop(one.workload(), backend) : one.flop());
  }

  /** Makes a case ready on a backend. */
  static TimedCase prepare(Case one, Backend backend) {
    return one.kind() == Case.Kind.WORKLOAD
        ? new QgpoSteps(one.workload(), backend)
        : new QgpoPrimitive(one, backend);
  }

  /** Counted, in a second instance of the workload. */
  private static double flop(Workload workload, Backend backend) {
    TimedBackend counting = new TimedBackend(backend);
    try (QgpoSteps steps = new QgpoSteps(workload, counting.backend())) {
      counting.reset();
      steps.call();
      return counting.rows().stream().mapToDouble(TimedBackend.Row::flop).sum();
    }
  }
}
