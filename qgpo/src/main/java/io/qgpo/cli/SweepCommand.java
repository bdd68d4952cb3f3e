package io.qgpo.cli;

import com.sun.management.OperatingSystemMXBean;
import io.qgpo.cli.SweepWorkers.Outcome;
import io.qgpo.cli.SweepWorkers.State;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.RunInfo;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains many runs. */
@Command(
    name = "sweep",
    description = {
      "Trains every seed with every combination of settings, several at once, each in a process and"
          + " a folder of its own, and compares what they earn. The same command goes on with what"
          + " was stopped, and leaves alone what is trained; with"
          + " other options it is refused, except for more seeds and values."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo sweep --out sweeps/beta --seeds 0,1,2 --vary energy.beta=1,3,10 -- --env maze2d-umaze"
    })
final class SweepCommand implements Callable<Integer> {
  /** A run of the preset quick on 40,000 rows takes 1.12 GB at most (benchmarks/RESULTS.md). */
  private static final long BYTES_A_RUN = 1500L << 20;

  /** Of the memory, for the heaps of all runs together. */
  private static final int HEAPS_PERCENT = 75;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the runs' folders, their logs, and compare.html.")
  private Path out;

  @Option(
      names = "--seeds",
      paramLabel = "N,N,...",
      split = ",",
      description = "Seeds; default: 0.")
  private List<String> seeds = List.of("0");

  @Option(
      names = "--vary",
      paramLabel = "KEY=V,V,...",
      description = "Values of a setting; may be repeated for more settings, not for the seed.")
  private List<String> vary = List.of();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "Runs at once; default: as many as there are processors, and memory for. They share the"
              + " processors and three quarters of the memory.")
  private Integer parallel;

  @Parameters(
      paramLabel = "TRAIN-OPTIONS",
      arity = "0..*",
      description =
          "After --: what 'qgpo train' takes, the same for all; --threads, --backend and --mujoco"
              + " come before.")
  private List<String> trainOptions = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    SharedTrainOptions options = SharedTrainOptions.parse(trainOptions);
    SweepPlan plan = SweepPlan.of(out, seeds, vary);
    plan.runs().forEach(run -> requireAsPlanned(run, options.plan(run.settings())));
    global().requireKnownBackend();
    int atOnce = atOnce(plan.runs().size());
    createFolder();
    PrintWriter output = spec.commandLine().getOut();
    try (SweepWorkers workers =
        new SweepWorkers(
            atOnce,
            heapBytes(memory(), atOnce),
            forAll(atOnce, options),
            options.arguments(),
            this::say)) {
      List<Outcome> outcomes = workers.train(plan.runs());
      SweepSummary.show(plan, outcomes, out.resolve("compare.html"), output);
      boolean all = outcomes.stream().allMatch(outcome -> outcome.state() == State.TRAINED);
      return all ? Main.OK : Main.USAGE_ERROR;
    }
  }

  /** A run keeps its settings and data when it goes on: others would be passed over in silence. */
  private void requireAsPlanned(SweepPlan.Run run, RunPlan planned) {
    if (!run.isBegun()) {
      return;
    }
    Optional<String> difference =
        planned.difference(RunInfo.read(RunDirectory.configIn(run.folder())));
    if (difference.isPresent()) {
      throw new UsageException(
          "--out: %s holds the run %s of other options: %s; choose another folder, or the options it began with"
              .formatted(out, run.name(), difference.get()));
    }
  }

  private void createFolder() {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw TensorFileException.io(out, "create the folder", e);
    }
  }

  private int atOnce(int runs) {
    if (parallel != null) {
      if (parallel < 1) {
        throw new UsageException("--parallel: expected 1 or more, found " + parallel);
      }
      return Math.min(parallel, runs);
    }
    long fitting = Math.max(1, memory() / BYTES_A_RUN);
    return (int) Math.min(Math.min(global().threads(), fitting), runs);
  }

  private static long memory() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /** Of each of several runs: their share of the part of the memory that is for heaps. */
  static long heapBytes(long memory, int atOnce) {
    return memory / 100 * HEAPS_PERCENT / atOnce;
  }

  private List<String> forAll(int atOnce, SharedTrainOptions options) {
    List<String> arguments = new ArrayList<>(options.kernelArguments());
    arguments.add("--threads=" + Math.max(1, global().threads() / atOnce));
    arguments.add("--backend=" + global().backend());
    GlobalOptions.mujoco().ifPresent(path -> arguments.add("--mujoco=" + path));
    return arguments;
  }

  private GlobalOptions global() {
    return QgpoCommand.globalOptions(spec.commandLine());
  }

  private synchronized void say(String sentence) {
    PrintWriter log = spec.commandLine().getErr();
    log.println(Printable.text(sentence));
    log.flush();
  }
}
