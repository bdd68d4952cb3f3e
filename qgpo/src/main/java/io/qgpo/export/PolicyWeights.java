package io.qgpo.export;

import io.qgpo.algorithm.PolicyNetworks;
import io.qgpo.run.RunWeights;

/** The networks of a run by what they are. */
record PolicyWeights(NetWeights score, NetWeights energy, NetWeights critic) {
  /** Those that act: the average of the behaviour model where there is one, the target critics. */
  static PolicyWeights of(RunWeights run) {
    return new PolicyWeights(
        new NetWeights(run.arrays(), PolicyNetworks.scorePrefix(run.info().settings())),
        new NetWeights(run.arrays(), "energy."),
        new NetWeights(run.arrays(), "criticTarget."));
  }
}
