package io.qgpo.export;

import io.qgpo.run.RunInfo;
import io.qgpo.run.RunWeights;
import io.qgpo.tensor.io.AtomicFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A run's policy as a graph that ONNX runtimes run. */
public final class OnnxExport {
  /** What is exported. */
  public enum Part {
    /** State and noise to action: the guided sampler. */
    SAMPLER,
    /** The behaviour model: the predicted noise of an action at a time. */
    SCORE,
    /** The energy of an action at a time, and its gradient with respect to the action. */
    ENERGY,
    /** The twin target critics of an action, and the smaller of both. */
    CRITIC
  }

  private OnnxExport() {}

  /**
   * Writes a graph, atomically.
   *
   * @param guidanceScale of the sampler; other parts have none
   */
  public static void write(Path file, RunWeights run, Part part, double guidanceScale) {
    byte[] model = model(run, part, guidanceScale);
    AtomicFiles.write(file, out -> out.write(model));
  }

  static byte[] model(RunWeights run, Part part, double guidanceScale) {
    RunInfo info = run.info();
    PolicyWeights weights = PolicyWeights.of(run);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("run.sha256", info.sha256());
    metadata.put("run.checkpoint", run.which());
    metadata.put("run.step", Long.toString(run.step()));
    OnnxGraph graph =
        switch (part) {
          case SAMPLER -> {
            metadata.put("guidanceScale", Double.toString(guidanceScale));
            metadata.put("evaluations", Integer.toString(info.settings().sampler().evaluations()));
            yield SamplerGraph.of(info, weights, guidanceScale);
          }
          case SCORE -> score(info, weights);
          case ENERGY -> energy(info, weights);
          case CRITIC -> critic(info, weights);
        };
    return graph.model("QGPO, " + part.name().toLowerCase(Locale.ROOT), metadata);
  }

  private static OnnxGraph score(RunInfo info, PolicyWeights weights) {
    var graph = new OnnxGraph("score");
    String action = graph.input("action", info.actionDim());
    String time = TimeNodes.embed(graph, weights.score().part("time"), graph.input("time", 1));
    String state = graph.input("state", info.stateDim());
    String h = new ScoreNodes(graph, weights.score(), state).h(action, time);
    graph.output("noise", graph.node("Neg", h), info.actionDim());
    return graph;
  }

  private static OnnxGraph energy(RunInfo info, PolicyWeights weights) {
    var graph = new OnnxGraph("energy");
    String action = graph.input("action", info.actionDim());
    String time = TimeNodes.embed(graph, weights.energy().part("time"), graph.input("time", 1));
    String state = graph.input("state", info.stateDim());
    EnergyNodes.Energy energy =
        new EnergyNodes(graph, weights.energy(), state, info.actionDim()).energy(action, time);
    graph.output("energy", energy.f(), 1);
    graph.output("gradient", energy.gradient(), info.actionDim());
    return graph;
  }

  private static OnnxGraph critic(RunInfo info, PolicyWeights weights) {
    var graph = new OnnxGraph("critic");
    String action = graph.input("action", info.actionDim());
    String actionState = graph.concat(action, graph.input("state", info.stateDim()));
    String q1 = CriticNodes.q(graph, weights.critic().part("q1"), actionState);
    String q2 = CriticNodes.q(graph, weights.critic().part("q2"), actionState);
    graph.output("q1", q1, 1);
    graph.output("q2", q2, 1);
    graph.output("q", graph.node("Min", q1, q2), 1);
    return graph;
  }
}
