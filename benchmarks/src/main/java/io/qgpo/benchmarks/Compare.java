package io.qgpo.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.qgpo.tensor.cpu.Roofline;
import io.qgpo.tensor.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Times our step and libtorch's by turns, each in a JVM of its own: spinning threads of one would
 * falsify the other's times in one process, and by turns both meet the same state of the machine.
 */
@Command(
    name = "compare",
    description = "Our step against libtorch's, in alternating processes.",
    showDefaultValues = true)
final class Compare implements Callable<Integer> {
  private static final String PEER_CLASS = "io.qgpo.benchmarks.peer.LibtorchStepTimer";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "this text")
  private boolean help;

  @Option(names = "--workload", description = "${COMPLETION-CANDIDATES}")
  private Workload workload = Workload.BEHAVIOUR;

  @Option(names = "--pairs", description = "processes of each")
  private int pairs = 5;

  @Option(names = "--threads", description = "threads of each; the machine's processors if 0")
  private int threads;

  @Option(names = "--openblas", description = "an OpenMP build of OpenBLAS")
  private Path openBlas;

  @Option(names = "--json", description = "where the figures go; beside the jar if not given")
  private Path json;

  @Override
  public Integer call() throws IOException {
    try {
      return compare();
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  private int compare() throws IOException {
    int n = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    try {
      Class.forName(PEER_CLASS, false, Compare.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      System.err.println(
          "compare: this jar was built without the peers; build with: mvn -Ppeers package");
      return 2;
    }
    List<String> arguments = List.of(workload.label(), Integer.toString(n));
    ChildJvm ours = new ChildJvm(QgpoStepTimer.class.getName(), arguments, Map.of());
    ChildJvm peer = new ChildJvm(PEER_CLASS, arguments, PeerThreads.environment(n, openBlas));
    String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    double peak = Roofline.peakGflops(n);
    System.out.printf("%s, %s step, peak %.1f GFLOP/s%n", machine(), workload.label(), peak);
    List<Comparison.Pair> done = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      StepTiming a = ours.time();
      print(i, a);
      StepTiming b = peer.time();
      print(i, b);
      done.add(new Comparison.Pair(a, b));
    }
    Comparison comparison =
        new Comparison(date, machine(), workload.label(), n, peak, peer.describe(), done);
    System.out.println(comparison.summary());
    Path file = json != null ? json : besideJar("compare-" + workload.label() + ".json");
    byte[] bytes =
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(comparison);
    AtomicFiles.write(file, out -> out.write(bytes));
    System.out.println("figures: " + file);
    return 0;
  }

  private static void print(int pair, StepTiming timing) {
    System.out.printf(
        "%2d  median %7.1f ms  (p10 %.1f, p90 %.1f, min %.1f), others %.0f %%, loss %.4f -> %.4f,"
            + " %s%n",
        pair + 1,
        timing.medianMs(),
        timing.p10Ms(),
        timing.p90Ms(),
        timing.minMs(),
        100 * timing.otherWork(),
        timing.warmupLoss(),
        timing.loss(),
        timing.library());
  }

  private static Path besideJar(String name) {
    Path classPath = Path.of(System.getProperty("java.class.path"));
    return classPath.resolveSibling(name);
  }

  /** Processor, how many of them, system, JDK. */
  static String machine() throws IOException {
    String processor = System.getProperty("os.arch");
    Path cpuInfo = Path.of("/proc/cpuinfo");
    if (Files.isReadable(cpuInfo)) {
      try (Stream<String> lines = Files.lines(cpuInfo)) {
        processor =
            lines
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse(processor);
      }
    }
    return "%s, %d processors, %s, JDK %s"
        .formatted(
            processor,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            Runtime.version());
  }
}
