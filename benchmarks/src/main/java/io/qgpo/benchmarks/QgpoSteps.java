package io.qgpo.benchmarks;

import io.qgpo.algorithm.DiffusionPolicy;
import io.qgpo.algorithm.PolicyNetworks;
import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.Qgpo;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.MappedFloats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/** Our own work, ready to make steps of one workload under the published settings. */
public final class QgpoSteps implements TimedCase {
  private final Backend backend;
  private final Runnable step;
  private final DoubleSupplier takeLoss;
  private final MappedFloats support;
  private final Path supportFile;
  private double sampled;

  /** Makes networks, optimisers and data of a workload on a backend. */
  public QgpoSteps(Workload workload, Backend backend) {
    this.backend = backend;
    Path file = null;
    MappedFloats actions = null;
    switch (workload) {
      case BEHAVIOUR -> {
        Qgpo qgpo = new Qgpo(Presets.config("paper"), SyntheticData.transitions(backend));
        step = qgpo::behaviourStep;
        takeLoss = qgpo::takeBehaviourLoss;
      }
      case GUIDANCE -> {
        var data = SyntheticData.transitions(backend);
        Qgpo qgpo = new Qgpo(Presets.config("paper"), data);
        try {
          file = Files.createTempFile("support-", ".bin");
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        actions = SyntheticData.support(file, data.stateCount());
        qgpo.useSupport(actions);
        step = qgpo::guidanceStep;
        takeLoss = () -> qgpo.takeGuidanceLosses().energyLoss();
      }
      default -> {
        DiffusionPolicy policy =
            new PolicyNetworks(
                    backend, Presets.config("paper"), Workload.STATE_DIM, Workload.ACTION_DIM)
                .policy();
        Rng rng = new Rng(backend, 1, "benchmark");
        Tensor states = rng.normal(DType.FLOAT32, Shape.of(workload.batch(), Workload.STATE_DIM));
        step =
            () -> {
              try (Scope _ = Scope.open("sample")) {
                sampled = policy.sample(states, 1, workload.guidanceScale(), rng).toFloatArray()[0];
              }
            };
        takeLoss = () -> sampled;
      }
    }
    supportFile = file;
    support = actions;
  }

  @Override
  public void call() {
    start();
    backend.synchronize();
  }

  /** One call, which a device may not have completed when it returns. */
  public void start() {
    step.run();
  }

  /**
   * The loss of the behaviour or the energy network; of sampling the last action's first number.
   */
  @Override
  public double result() {
    return takeLoss.getAsDouble();
  }

  @Override
  public void close() {
    if (support != null) {
      support.close();
      try {
        Files.delete(supportFile);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
