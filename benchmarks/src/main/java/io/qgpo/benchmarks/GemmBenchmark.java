package io.qgpo.benchmarks;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix products of QGPO's networks in the three forms that training takes: the forward pass
 * {@code x W^T}, the gradient of the input {@code dy W}, and the gradient of the weight {@code dy^T
 * x}. The column {@code gigaflop} is GFLOP/s.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:G1HeapRegionSize=1m",
      "-XX:CompileCommand=quiet",
      "-XX:CompileCommand=inline,io.qgpo.tensor.simd.VectorMath::*"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class GemmBenchmark {
  /**
   * Rows x inputs x outputs of a linear layer. In turn: layers of the behaviour net at its batch of
   * 4096, and its narrow ends; the critic's at 256 states of 16 actions, and at 256; one state.
   */
  @Param({
    "4096x512x512",
    "4096x512x256",
    "4096x128x512",
    "4096x128x128",
    "4096x3x512",
    "4096x1024x3",
    "4096x14x256",
    "4096x256x256",
    "256x256x256",
    "1x512x512"
  })
  private String sizes;

  /** A backend's name, or auto. */
  @Param("auto")
  private String backend;

  /** CPU threads; 0 for one a processor. */
  @Param("0")
  private int threads;

  private Backend device;
  private Tensor input;
  private Tensor weight;
  private Tensor bias;
  private Tensor gradOutput;
  private Tensor preActivation;
  private Tensor output;
  private Tensor gradInput;
  private Tensor gradWeight;
  private double gigaflopPerCall;

  /** Work done, which JMH divides by the time. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Work {
    /** 10^9 floating-point operations; a multiplication with its addition counts two. */
    public double gigaflop;
  }

  /** Fills the matrices with normal numbers. */
  @Setup(Level.Trial)
  public void setUp() {
    int processors = Runtime.getRuntime().availableProcessors();
    device = Backends.choose(backend, threads == 0 ? processors : threads).backend();
    String[] parts = sizes.split("x");
    int rows = Integer.parseInt(parts[0]);
    int inputs = Integer.parseInt(parts[1]);
    int outputs = Integer.parseInt(parts[2]);
    gigaflopPerCall = 2e-9 * rows * inputs * outputs;
    Rng rng = new Rng(device, 0, "gemm");
    input = rng.normal(DType.FLOAT32, Shape.of(rows, inputs));
    weight = rng.normal(DType.FLOAT32, Shape.of(outputs, inputs));
    bias = rng.normal(DType.FLOAT32, Shape.of(outputs));
    gradOutput = rng.normal(DType.FLOAT32, Shape.of(rows, outputs));
    preActivation = Tensor.zeros(device, DType.FLOAT32, Shape.of(rows, outputs));
    output = Tensor.zeros(device, DType.FLOAT32, Shape.of(rows, outputs));
    gradInput = Tensor.zeros(device, DType.FLOAT32, Shape.of(rows, inputs));
    gradWeight = Tensor.zeros(device, DType.FLOAT32, Shape.of(outputs, inputs));
  }

  /** y = x W^T. */
  @Benchmark
  public Tensor forward(Work work) {
    device.matmul(false, true, input, weight, output, false);
    work.gigaflop += gigaflopPerCall;
    return output;
  }

  /** y = silu(x W^T + b), keeping the argument of silu: the layer as training runs it. */
  @Benchmark
  public Tensor layer(Work work) {
    device.linear(input, weight, null, bias, Activation.SILU, null, preActivation, output);
    work.gigaflop += gigaflopPerCall;
    return output;
  }

  /** dx = dy W. */
  @Benchmark
  public Tensor inputGradient(Work work) {
    device.matmul(false, false, gradOutput, weight, gradInput, false);
    work.gigaflop += gigaflopPerCall;
    return gradInput;
  }

  /** dW = dy^T x. */
  @Benchmark
  public Tensor weightGradient(Work work) {
    device.matmul(true, false, gradOutput, input, gradWeight, false);
    work.gigaflop += gigaflopPerCall;
    return gradWeight;
  }
}
