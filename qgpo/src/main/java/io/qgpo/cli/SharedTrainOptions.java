package io.qgpo.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What follows the {@code --} of a sweep: options of {@code train} that all its runs share. */
final class SharedTrainOptions {
  /** A sweep gives each run its own. */
  private static final List<String> OF_A_RUN = List.of("--out", "--seed", "--resume");

  /** They are of the program, and hold when a run goes on, too. */
  private static final List<String> OF_THE_PROGRAM = List.of("--threads", "--backend", "--mujoco");

  /** A run is resumed with them. */
  private static final List<String> OF_KERNELS = List.of("--kernel", "--kernel-classpath");

  private static final String SEED = "seed";

  private final List<String> arguments;
  private final TrainCommand train;

  private SharedTrainOptions(List<String> arguments, TrainCommand train) {
    this.arguments = List.copyOf(arguments);
    this.train = train;
  }

  /**
   * Reads them, as {@code train} would.
   *
   * @throws UsageException if it would refuse them, or a sweep cannot take them
   */
  static SharedTrainOptions parse(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("train"));
    all.addAll(arguments);
    ParseResult parsed;
    try {
      parsed = Main.commandLine().parseArgs(all.toArray(String[]::new)).subcommand();
    } catch (ParameterException e) {
      throw new UsageException("after the --: " + ErrorMessages.message(e), e);
    }
    if (parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
      throw new UsageException(
          "after the --: expected options of a training, found a request for help; see"
              + " 'qgpo train --help'");
    }
    for (String option : OF_A_RUN) {
      if (parsed.hasMatchedOption(option)) {
        throw new UsageException(
            option + ": sweep gives each run its own; leave it out after the --");
      }
    }
    for (String option : OF_THE_PROGRAM) {
      if (parsed.hasMatchedOption(option)) {
        throw new UsageException(option + ": expected before the --, found after it");
      }
    }
    List<String> set = parsed.matchedOptionValue("--set", List.of());
    if (set.stream().anyMatch(change -> change.split("=", 2)[0].strip().equals(SEED))) {
      throw new UsageException("--set: sweep gives each run its own seed; use --seeds");
    }
    return new SharedTrainOptions(arguments, (TrainCommand) parsed.commandSpec().userObject());
  }

  /** Those for a run that begins, as they were typed. */
  List<String> arguments() {
    return part(false);
  }

  /** Those that a run that goes on is given, too: its kernels. */
  List<String> kernelArguments() {
    return part(true);
  }

  private List<String> part(boolean kernels) {
    List<String> part = new ArrayList<>();
    boolean isKernel = false;
    boolean isValue = false;
    for (String argument : arguments) {
      if (!isValue) {
        isKernel = OF_KERNELS.contains(argument.split("=", 2)[0]);
      }
      if (isKernel == kernels) {
        part.add(argument);
      }
      isValue = !isValue && isKernel && !argument.contains("=");
    }
    return part;
  }

  /**
   * What a run of them is made of.
   *
   * @param changes settings that win over theirs
   * @throws UsageException if they cannot be used
   * @throws io.qgpo.algorithm.ConfigException if settings cannot
   */
  RunPlan plan(Map<String, String> changes) {
    return train.plan(changes);
  }
}
