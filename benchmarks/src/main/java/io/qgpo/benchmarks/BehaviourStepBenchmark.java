package io.qgpo.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One update of the behaviour network: batch 4096, state 11, action 3, width 512. */
@State(Scope.Benchmark)
public class BehaviourStepBenchmark extends StepBenchmark {
  /** For JMH. */
  public BehaviourStepBenchmark() {
    super(Workload.BEHAVIOUR);
  }
}
