package io.qgpo.export;

import io.qgpo.run.RunWeights;

/** The networks of a run by what they are. */
record PolicyWeights(NetWeights score, NetWeights energy, NetWeights critic) {
  /** Those that act: the average of the behaviour model where there is one, the target critics. */
  static PolicyWeights of(RunWeights run) {
    return new PolicyWeights(
        new NetWeights(run.arrays(), scorePrefix(run)),
        new NetWeights(run.arrays(), "energy."),
        new NetWeights(run.arrays(), "criticTarget."));
  }

  /** What the names of the behaviour model's weights begin with. */
  static String scorePrefix(RunWeights run) {
    return run.info().settings().behaviour().emaDecay() > 0 ? "scoreAverage." : "score.";
  }
}
