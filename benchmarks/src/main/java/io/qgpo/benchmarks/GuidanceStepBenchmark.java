package io.qgpo.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A critic update and an energy update: batch 256 with 16 support actions for each state. */
@State(Scope.Benchmark)
public class GuidanceStepBenchmark extends StepBenchmark {
  /** For JMH. */
  public GuidanceStepBenchmark() {
    super(Workload.GUIDANCE);
  }
}
