package io.qgpo.export;

import io.qgpo.algorithm.Qgpo;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.data.ActionBounds;
import io.qgpo.data.StateTransform;
import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.run.RunInfo;

/**
 * The whole guided sampler as nodes: from a state and standard normal noise, both of the user, to
 * the action, in the units of the data and within their bounds. What {@code TrainedPolicy.act}
 * computes, with the evaluations of the solver one after the other.
 */
final class SamplerGraph implements DpmSolver.Space<String> {
  private final OnnxGraph graph;
  private final NoiseSchedule schedule;
  private final Form form;
  private final double guidanceScale;
  private final NetWeights scoreWeights;
  private final NetWeights energyWeights;
  private final ScoreNodes score;
  private final EnergyNodes energy;

  private SamplerGraph(
      OnnxGraph graph,
      RunInfo info,
      PolicyWeights weights,
      Form form,
      double guidanceScale,
      String states) {
    this.graph = graph;
    this.form = form;
    this.guidanceScale = guidanceScale;
    schedule = Qgpo.noiseSchedule(info.settings());
    scoreWeights = weights.score();
    energyWeights = weights.energy();
    score = new ScoreNodes(graph, scoreWeights, states);
    energy =
        guidanceScale == 0 ? null : new EnergyNodes(graph, energyWeights, states, info.actionDim());
  }

  /** The graph, with the inputs {@code state} and {@code noise} and the output {@code action}. */
  static OnnxGraph of(RunInfo info, PolicyWeights weights, double guidanceScale) {
    OnnxGraph graph = new OnnxGraph("guided sampler");
    String state = graph.input("state", info.stateDim());
    String noise = graph.input("noise", info.actionDim());
    QgpoConfig config = info.settings();
    DpmSolver solver = Qgpo.solver(config, config.sampler().evaluations());
    String seen = seen(graph, state, info.states());
    SamplerGraph sampler =
        new SamplerGraph(graph, info, weights, solver.options().form(), guidanceScale, seen);
    String unit = solver.solve(sampler, noise);
    graph.output("action", action(graph, unit, info.bounds()), info.actionDim());
    return graph;
  }

  /** The noise eps = -h - w sigma grad f, or of data form (x - sigma eps) / alpha. */
  @Override
  public String prediction(String x, double t) {
    double alpha = schedule.alpha(t);
    double sigma = schedule.sigma(t);
    String minusNoise = score.h(x, TimeNodes.embed(graph, scoreWeights.part("time"), t));
    if (energy != null) {
      String time = TimeNodes.embed(graph, energyWeights.part("time"), t);
      String gradient = energy.energy(x, time).gradient();
      minusNoise = graph.sum(1, minusNoise, guidanceScale * sigma, gradient);
    }
    return switch (form) {
      case NOISE -> graph.node("Neg", minusNoise);
      case DATA -> graph.sum(1 / alpha, x, sigma / alpha, minusNoise);
    };
  }

  @Override
  public String sum(double a, String x, double b, String y) {
    return graph.sum(a, x, b, y);
  }

  private static String seen(OnnxGraph graph, String state, StateTransform transform) {
    if (transform.isIdentity()) {
      return state;
    }
    String centered = graph.node("Sub", state, row(graph, transform.center()));
    return graph.node("Div", centered, row(graph, transform.scale()));
  }

  /** From [-1, 1] to the data's units, and into their bounds. */
  private static String action(OnnxGraph graph, String unit, ActionBounds bounds) {
    String action = unit;
    if (!bounds.isUnit()) {
      String scaled = graph.node("Mul", unit, row(graph, bounds.halfRange()));
      action = graph.node("Add", scaled, row(graph, bounds.center()));
    }
    String atLeastLow = graph.node("Max", action, row(graph, bounds.low()));
    return graph.node("Min", atLeastLow, row(graph, bounds.high()));
  }

  private static String row(OnnxGraph graph, float[] values) {
    return graph.constant(Matrix.row(values));
  }
}
