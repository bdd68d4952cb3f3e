package io.qgpo.benchmarks.peer;

import static org.bytedeco.pytorch.global.torch.get_cpu_capability;
import static org.bytedeco.pytorch.global.torch.get_num_threads;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.qgpo.benchmarks.StepTiming;
import io.qgpo.benchmarks.Workload;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;

/** Times libtorch's steps in this process: {@code LibtorchStepTimer WORKLOAD THREADS}. */
public final class LibtorchStepTimer {
  private LibtorchStepTimer() {}

  /** Prints one {@link StepTiming}. */
  public static void main(String[] args) throws IOException {
    Workload workload = Workload.of(args[0]);
    set_num_threads(Integer.parseInt(args[1]));
    LibtorchSteps steps =
        switch (workload) {
          case BEHAVIOUR -> new LibtorchBehaviour(workload.batch());
          case GUIDANCE -> new LibtorchGuidance(workload.batch());
          case SAMPLE_1, SAMPLE_16, SAMPLE_256, SAMPLE_4096 ->
              new LibtorchSampling(workload.batch());
        };
    Runnable step =
        () -> {
          try (PointerScope _ = new PointerScope()) {
            steps.step();
          }
        };
    String library =
        "libtorch %s, %s, %d threads"
            .formatted(
                Loader.getVersion("org.bytedeco", "pytorch"),
                get_cpu_capability().getString(),
                get_num_threads());
    StepTiming.measure(library, workload, step, steps::takeLoss).print();
    System.out.flush();
    // libtorch's own threads need not be waited for.
    Runtime.getRuntime().halt(0);
  }
}
