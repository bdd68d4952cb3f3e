package io.qgpo.cli;

import com.sun.management.OperatingSystemMXBean;
import io.qgpo.algorithm.ConfigTable;
import io.qgpo.report.ComparedRuns;
import io.qgpo.report.RunSummary;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
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
          + " was stopped, and leaves alone what is trained."
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
      description = "Values of a setting; may be repeated for more settings.")
  private List<String> vary = List.of();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "Runs at once; default: as many as there are processors, and memory for. They share the"
              + " processors.")
  private Integer parallel;

  @Parameters(
      paramLabel = "TRAIN-OPTIONS",
      arity = "0..*",
      description = "After --: what 'qgpo train' takes, the same for all.")
  private List<String> trainOptions = List.of();

  @Spec private CommandSpec spec;

  private final ConcurrentLinkedQueue<Process> processes = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  @Override
  public Integer call() {
    for (String option : trainOptions) {
      if (option.matches("--(out|seed|resume)(=.*)?")) {
        throw new UsageException(
            option.replaceFirst("=.*", "")
                + ": sweep gives each run its own; leave it out after the --");
      }
    }
    List<Long> numbers =
        seeds.stream().map(seed -> (Long) ConfigTable.key("seed").accept(seed)).toList();
    SweepPlan plan = SweepPlan.of(out, numbers, vary);
    createFolder();
    int atOnce = atOnce(plan.runs().size());
    Thread end = new Thread(this::stop, "end of sweep");
    Runtime.getRuntime().addShutdownHook(end);
    List<String> failures = trainAll(plan, atOnce);
    if (!stopped) {
      Runtime.getRuntime().removeShutdownHook(end);
    }
    if (!failures.isEmpty()) {
      throw new UsageException(
          "%d of %d runs did not end well; the first: %s"
              .formatted(failures.size(), plan.runs().size(), failures.getFirst()));
    }
    PrintWriter output = spec.commandLine().getOut();
    summarise(plan, output);
    return Main.done(output);
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
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long fitting = Math.max(1, system.getTotalMemorySize() / BYTES_A_RUN);
    return (int) Math.min(Math.min(threads(), fitting), runs);
  }

  private int threads() {
    return QgpoCommand.globalOptions(spec.commandLine()).threads();
  }

  /** On a signal: all runs save, and the same command goes on with them. */
  private void stop() {
    stopped = true;
    processes.forEach(Process::destroy);
    processes.forEach(
        process -> {
          try {
            process.waitFor();
          } catch (InterruptedException e) {
            process.destroyForcibly();
          }
        });
  }

  /** Sentences about the runs that failed. */
  private List<String> trainAll(SweepPlan plan, int atOnce) {
    List<String> failures = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(atOnce)) {
      List<Future<String>> sentences = new ArrayList<>();
      for (SweepPlan.Run run : plan.runs()) {
        sentences.add(workers.submit(() -> train(run, atOnce)));
      }
      for (Future<String> sentence : sentences) {
        String failure = sentence.get();
        if (!failure.isEmpty()) {
          failures.add(failure);
        }
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return failures;
  }

  private String train(SweepPlan.Run run, int atOnce) throws Exception {
    if (stopped) {
      return run.folder() + " was not begun";
    }
    boolean begun = RunDirectory.isRun(run.folder());
    if (begun && RunSummary.of(run.folder()).isTrained() && isEvaluated(run)) {
      say(run.folder() + ": is trained already");
      return "";
    }
    List<String> arguments = new ArrayList<>(List.of("train"));
    arguments.add("--threads=" + Math.max(1, threads() / atOnce));
    arguments.add("--backend=" + QgpoCommand.globalOptions(spec.commandLine()).backend());
    if (begun) {
      arguments.add("--resume=" + run.folder());
    } else {
      arguments.add("--out=" + run.folder());
      arguments.addAll(trainOptions);
      arguments.addAll(run.arguments()); // later settings win
    }
    Process process = ChildProgram.start(arguments, HEAPS_PERCENT / atOnce, run.log());
    processes.add(process);
    if (stopped) {
      process.destroy();
    }
    say(run.folder() + ": " + (begun ? "goes on" : "begins"));
    int code = process.waitFor();
    processes.remove(process);
    if (code != Main.OK || stopped) {
      return "%s ended with code %d, %s".formatted(run.folder(), code, lastLine(run));
    }
    say(run.folder() + ": trained");
    return "";
  }

  /** A run is trained before it is evaluated, and may have been stopped between. */
  private static boolean isEvaluated(SweepPlan.Run run) {
    return RunSummary.of(run.folder()).environment().isEmpty()
        || Files.exists(EvaluationReport.fileIn(run.folder(), TrainedPolicy.LAST));
  }

  private static String lastLine(SweepPlan.Run run) throws IOException {
    try (Stream<String> lines = Files.lines(run.log())) {
      return "see %s: %s".formatted(run.log(), lines.reduce("", (_, last) -> last).strip());
    }
  }

  private void summarise(SweepPlan plan, PrintWriter output) {
    boolean evaluated =
        plan.runs().stream()
            .allMatch(
                run -> Files.exists(EvaluationReport.fileIn(run.folder(), TrainedPolicy.LAST)));
    if (!evaluated) {
      output.println("%d runs are trained in %s".formatted(plan.runs().size(), out));
      return;
    }
    List<ComparedRuns> compared =
        plan.groups().stream()
            .map(
                group ->
                    new ComparedRuns(
                        group.name().isEmpty() ? "return" : group.name(),
                        group.runs().stream().map(SweepPlan.Run::folder).toList()))
            .toList();
    Path page = out.resolve("compare.html");
    CompareCommand.show(compared, "", null, page, output);
    output.println("Losses and returns with bands over seeds are in " + page);
  }

  private synchronized void say(String sentence) {
    PrintWriter log = spec.commandLine().getErr();
    log.println(sentence);
    log.flush();
  }
}
