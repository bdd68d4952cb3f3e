package io.qgpo.cli;

import io.qgpo.run.TrainedPolicy;
import picocli.CommandLine.Option;

/** Which weights of a run are meant. */
final class CheckpointOption {
  @Option(
      names = "--checkpoint",
      paramLabel = "WHICH",
      description =
          "last (default), or best: what earned most when training evaluated on its way"
              + " (evaluation.everySteps). Choosing by returns is no longer offline learning.")
  private String checkpoint = TrainedPolicy.LAST;

  /**
   * {@link TrainedPolicy#LAST} or {@link TrainedPolicy#BEST}.
   *
   * @throws UsageException if it is neither
   */
  String which() {
    if (!checkpoint.equals(TrainedPolicy.LAST) && !checkpoint.equals(TrainedPolicy.BEST)) {
      throw new UsageException("--checkpoint: expected last or best, found '" + checkpoint + "'");
    }
    return checkpoint;
  }
}
