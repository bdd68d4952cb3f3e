package io.qgpo.benchmarks;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;

/** Times our own steps in this process: {@code QgpoStepTimer WORKLOAD THREADS}. */
public final class QgpoStepTimer {
  private QgpoStepTimer() {}

  /** Prints one {@link StepTiming}. */
  public static void main(String[] args) {
    Workload workload = Workload.of(args[0]);
    Backend backend = Backends.choose("auto", Integer.parseInt(args[1])).backend();
    try (QgpoSteps steps = new QgpoSteps(workload, backend)) {
      StepTiming.measure("qgpo, " + backend.description(), workload, steps::step, steps::takeLoss)
          .print();
    }
  }
}
