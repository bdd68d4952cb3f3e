package io.qgpo.benchmarks;

import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.Qgpo;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.io.MappedFloats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Our own training, ready to make steps of one workload under the published settings. */
final class QgpoSteps implements AutoCloseable {
  private final Workload workload;
  private final Qgpo qgpo;
  private final MappedFloats support;
  private final Path supportFile;

  QgpoSteps(Workload workload, Backend backend) {
    this.workload = workload;
    var data = SyntheticData.transitions(backend);
    qgpo = new Qgpo(Presets.config("paper"), data);
    if (workload == Workload.GUIDANCE) {
      try {
        supportFile = Files.createTempFile("support-", ".bin");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      support = SyntheticData.support(supportFile, data.stateCount());
      qgpo.useSupport(support);
    } else {
      supportFile = null;
      support = null;
    }
  }

  /** One step, completed when this returns. */
  void step() {
    switch (workload) {
      case BEHAVIOUR -> qgpo.behaviourStep();
      case GUIDANCE -> qgpo.guidanceStep();
    }
  }

  /** The mean loss since the last call: the behaviour network's, or the energy network's. */
  double takeLoss() {
    return switch (workload) {
      case BEHAVIOUR -> qgpo.takeBehaviourLoss();
      case GUIDANCE -> qgpo.takeGuidanceLosses().energyLoss();
    };
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
