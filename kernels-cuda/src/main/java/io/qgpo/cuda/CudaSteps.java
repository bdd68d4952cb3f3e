package io.qgpo.cuda;

import io.qgpo.tensor.Scope;
import java.util.HashMap;
import java.util.Map;

/**
 * Steps as graphs: the first time a body runs as it is, which compiles its kernels and fills the
 * step arena; the second time it is recorded, and from then on replayed by one call. All steps
 * share the arena, since they run one after the other and leave nothing in it.
 */
final class CudaSteps {
  /** A body, and its graph from the second time on. */
  private static final class Step {
    private final Runnable body;
    private CudaGraph graph;

    Step(Runnable body) {
      this.body = body;
    }
  }

  private final CudaDriver driver;
  private final Scope.Reserve arena = new Scope.Reserve();
  private final Map<String, Step> steps = new HashMap<>();

  CudaSteps(CudaDriver driver) {
    this.driver = driver;
  }

  /** Runs the body, or what was recorded of it. Another body of the same key takes its place. */
  void run(String key, Runnable body) {
    if (driver.isRecording()) {
      body.run();
      return;
    }
    Step step = steps.get(key);
    if (step == null || step.body != body) {
      Step made = new Step(body);
      inArena(key, body);
      if (step != null && step.graph != null) {
        driver.synchronize();
        step.graph.close();
      }
      steps.put(key, made);
      return;
    }
    if (step.graph == null) {
      step.graph = driver.record(() -> inArena(key, body));
    }
    step.graph.replay();
  }

  private void inArena(String key, Runnable body) {
    try (Scope _ = Scope.open(key, arena)) {
      body.run();
    }
  }

  /** The nodes of a step's graph; 0 if it has none. */
  long nodes(String key) {
    Step step = steps.get(key);
    return step == null || step.graph == null ? 0 : step.graph.nodes();
  }
}
