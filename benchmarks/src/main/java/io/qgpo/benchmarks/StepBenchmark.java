package io.qgpo.benchmarks;

import io.qgpo.tensor.Backends;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Whole training steps, every step timed: read the percentile 0.50. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:G1HeapRegionSize=1m",
      "-XX:CompileCommand=quiet",
      "-XX:CompileCommand=inline,io.qgpo.tensor.simd.VectorMath::*"
    })
public abstract class StepBenchmark {
  private final Workload workload;
  private QgpoSteps steps;

  /** The backend's name. */
  @Param("auto")
  public String backend;

  /** CPU threads; the machine's processors if 0. */
  @Param("0")
  public int threads;

  /** For subclasses. */
  protected StepBenchmark(Workload workload) {
    this.workload = workload;
  }

  /** Makes networks, optimisers and data. */
  @Setup
  public void open() {
    int n = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    steps = new QgpoSteps(workload, Backends.choose(backend, n).backend());
  }

  /** One step; what it computes stays in the networks' weights. */
  @Benchmark
  public void step() {
    steps.call();
  }

  /** Deletes the support actions' file. */
  @TearDown
  public void close() {
    steps.close();
  }
}
