package io.qgpo.cli;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Rng;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws actions for states. */
@Command(
    name = "sample",
    description = {
      "Draws actions for states with the policy of a run folder.",
      "States come as CSV, one a line, with or without a line of column names. Actions go out as"
          + " CSV: number of the state, number of its sample (both from 0), the action."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo sample --run runs/hopper --states states.csv --per-state 4 > actions.csv",
      "  qgpo sample --run runs/hopper --guidance 0 < states.csv"
    })
final class SampleCommand implements Callable<Integer> {
  /** Actions drawn at once: enough to keep the processors busy, and some 100 MB at most. */
  private static final int ACTIONS_AT_ONCE = 4096;

  private final InputStream standardInput;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "Folder of a trained run.")
  private Path run;

  @Option(
      names = "--states",
      paramLabel = "FILE",
      description = "CSV file of states; default: standard input.")
  private Path states;

  @Option(
      names = "--guidance",
      paramLabel = "W",
      description =
          "Guidance scale: 0 = the behaviour, 1 (default) = the exact policy, more follows the"
              + " critic further, but samples no policy exp(W beta Q): 'qgpo help exactness' has"
              + " by how much.")
  private double guidance = 1;

  @Option(
      names = "--per-state",
      paramLabel = "K",
      description = "Actions for each state; default: 1.")
  private int perState = 1;

  @Option(names = "--seed", paramLabel = "N", description = "Of the policy's noise; default: 0.")
  private String seed = "0";

  @Spec private CommandSpec spec;

  SampleCommand(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() throws IOException {
    if (!TrainedPolicy.isGuidanceScale(guidance)) {
      throw new UsageException("--guidance: expected a number from 0 to 1000, found " + guidance);
    }
    if (perState < 1 || perState > ACTIONS_AT_ONCE) {
      throw new UsageException(
          "--per-state: expected a whole number from 1 to %d, found %d"
              .formatted(ACTIONS_AT_ONCE, perState));
    }
    long number = (Long) ConfigTable.key("seed").accept(seed);
    try (Reader reader = open()) {
      PrintWriter log = spec.commandLine().getErr();
      Backend backend = QgpoCommand.globalOptions(spec.commandLine()).choose(log).backend();
      TrainedPolicy policy = TrainedPolicy.load(run, backend, log::println);
      String source = states == null ? "standard input" : states.toString();
      StateCsv csv = new StateCsv(reader, source, policy.info().stateDim());
      write(policy, csv, policy.rng(number));
    }
    return Main.OK;
  }

  private Reader open() throws IOException {
    if (states == null) {
      return new InputStreamReader(standardInput, StandardCharsets.UTF_8.newDecoder());
    }
    try {
      return Files.newBufferedReader(states);
    } catch (NoSuchFileException e) {
      throw new UsageException(states + ": expected a CSV file of states, found no file", e);
    } catch (IOException e) {
      throw new UsageException(states + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Stops early, without complaint, when nobody reads the output any more. */
  private void write(TrainedPolicy policy, StateCsv csv, Rng noise) {
    PrintWriter out = spec.commandLine().getOut();
    int stateSize = policy.info().stateDim();
    int actionSize = policy.info().actionDim();
    var text = new StringBuilder("state,sample");
    for (int i = 0; i < actionSize; i++) {
      text.append(",action").append(i);
    }
    text.append('\n');
    long state = 0;
    float[] block = csv.next(ACTIONS_AT_ONCE / perState);
    while (block.length > 0 && !out.checkError()) {
      int rows = block.length / stateSize;
      float[] actions = policy.act(block, rows, perState, guidance, noise);
      for (int row = 0; row < rows * perState; row++) {
        text.append(state + row / perState).append(',').append(row % perState);
        for (int i = 0; i < actionSize; i++) {
          text.append(',').append(actions[row * actionSize + i]);
        }
        text.append('\n');
      }
      out.print(text);
      text.setLength(0);
      state += rows;
      block = csv.next(ACTIONS_AT_ONCE / perState);
    }
    out.print(text);
    out.flush();
  }
}
