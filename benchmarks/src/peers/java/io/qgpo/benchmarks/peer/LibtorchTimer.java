package io.qgpo.benchmarks.peer;

import static org.bytedeco.pytorch.global.torch.get_cpu_capability;
import static org.bytedeco.pytorch.global.torch.get_num_threads;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.qgpo.benchmarks.Case;
import io.qgpo.benchmarks.CaseTimer;
import io.qgpo.benchmarks.TimedCase;
import io.qgpo.benchmarks.Workload;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;

/** Times libtorch in this process: {@code LibtorchTimer GROUP THREADS ONLY}. */
public final class LibtorchTimer {
  private LibtorchTimer() {}

  /** Prints a {@link io.qgpo.benchmarks.Timing} for each case of the group. */
  public static void main(String[] args) throws IOException {
    set_num_threads(Integer.parseInt(args[1]));
    String library =
        "libtorch %s, %s, %d threads"
            .formatted(
                Loader.getVersion("org.bytedeco", "pytorch"),
                get_cpu_capability().getString(),
                get_num_threads());
    CaseTimer.run(Case.Group.of(args[0]), args[2], library, LibtorchTimer::prepare, Case::flop);
    System.out.flush();
    // libtorch's own threads need not be waited for.
    Runtime.getRuntime().halt(0);
  }

  private static TimedCase prepare(Case one) {
    return one.kind() == Case.Kind.WORKLOAD
        ? scoped(steps(one.workload()))
        : scoped(new LibtorchPrimitive(one));
  }

  private static LibtorchSteps steps(Workload workload) {
    return switch (workload) {
      case BEHAVIOUR -> new LibtorchBehaviour(workload.batch());
      case GUIDANCE -> new LibtorchGuidance(workload.batch());
      default -> new LibtorchSampling(workload.batch(), workload.guidanceScale());
    };
  }

  /** Frees the temporaries of a call at its end. */
  private static TimedCase scoped(TimedCase inner) {
    return new TimedCase() {
      @Override
      public void call() {
        try (PointerScope _ = new PointerScope()) {
          inner.call();
        }
      }

      @Override
      public double result() {
        return inner.result();
      }
    };
  }
}
