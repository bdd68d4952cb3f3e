package io.qgpo.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.qgpo.benchmarks.Case.Group;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Times our library and its peers by turns, each in JVMs of its own: spinning threads of one would
 * falsify the other's times in one process, and by turns all meet the same state of the machine.
 */
@Command(
    name = "compare",
    description = "Our library against OpenBLAS and libtorch, in alternating processes.",
    showDefaultValues = true)
final class Compare implements Callable<Integer> {
  private static final String PEERS = "io.qgpo.benchmarks.peer.";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Mixin private CommonOptions common;

  @Option(names = "--group", description = "${COMPLETION-CANDIDATES}; all if not given")
  private List<Group> groups = List.of(Group.values());

  @Option(names = "--only", description = "cases whose name contains this text", defaultValue = "")
  private String only;

  @Option(names = "--rounds", description = "processes of each library")
  private int rounds = 5;

  @Option(names = "--openblas", description = "an OpenMP build of OpenBLAS")
  private Path openBlas;

  @Option(names = "--out", description = "folder for figures and pages; the jar's if not given")
  private Path out;

  @Option(
      names = "--guard",
      description =
          "folder with ratios of an earlier comparison, as it or benchmarks/baseline has them; one"
              + " above them fails, and so does a case that has none there")
  private Path guard;

  @Option(names = "--band", description = "how much a ratio may be above the earlier one, in parts")
  private double band = 0.15;

  /** In a process of its own: see {@link Main}. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Compare()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    if (out != null) {
      Files.createDirectories(out); // before an hour of work, not behind it
    }
    try {
      List<Group> chosen = groups.stream().filter(g -> !Cases.of(g, only).isEmpty()).toList();
      if (chosen.isEmpty()) {
        throw new IllegalStateException(
            "compare: --only: no case of %s has '%s' in its name".formatted(groups, only));
      }
      // Before any figure is written, which may be where these are.
      Map<Group, Ratios> earlier = new EnumMap<>(Group.class);
      if (guard != null) {
        for (Group group : chosen) {
          earlier.put(group, Ratios.read(ratiosFile(guard, group)));
        }
      }
      boolean kept = true;
      for (Group group : chosen) {
        kept &= compare(group, earlier.get(group));
      }
      return kept ? 0 : 1;
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  /** Returns whether each ratio is within the band of its earlier one, if there are any. */
  private boolean compare(Group group, Ratios earlier) throws IOException {
    int n = common.threads();
    Map<String, ChildJvm> libraries = libraries(group, n);
    String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    System.out.printf("%s; %s%n", machine(), group);
    double[] peaks = new double[rounds];
    List<Bandwidth> bandwidths = new ArrayList<>();
    List<Map<String, List<Timing>>> done = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      peaks[i] = Backends.choose("simd", n).backend().peakGflops();
      bandwidths.add(Bandwidth.measure(n));
      Map<String, List<Timing>> round = new LinkedHashMap<>();
      libraries.forEach((name, process) -> round.put(name, process.time()));
      done.add(round);
      System.out.printf("round %d of %d is done; peak %.0f GFLOP/s%n", i + 1, rounds, peaks[i]);
    }
    double peak = Timing.medianOf(peaks);
    Map<String, String> commands = new LinkedHashMap<>();
    libraries.forEach((name, process) -> commands.put(name, process.describe()));
    Comparison comparison =
        new Comparison(
            date, machine(), group, n, peak, Bandwidth.medians(bandwidths), commands, done);
    System.out.println(comparison.summary());
    Path folder = out == null ? besideJar("") : out;
    Path file = file(folder, group, "json");
    write(file, comparison);
    Path ratios = ratiosFile(folder, group);
    write(ratios, Ratios.of(comparison));
    Path page = file(folder, group, "html");
    AtomicFiles.write(
        page, stream -> stream.write(ComparisonPage.html(comparison).getBytes(UTF_8)));
    System.out.printf("figures: %s%nratios: %s%npage: %s%n%n", file, ratios, page);
    List<String> faults = earlier == null ? List.of() : earlier.faults(comparison, band);
    faults.forEach(System.out::println);
    return faults.isEmpty();
  }

  /** Ours first. */
  private Map<String, ChildJvm> libraries(Group group, int n) {
    try {
      Class.forName(PEERS + "LibtorchTimer", false, Compare.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "compare: this jar was built without the peers; build with: mvn -Ppeers package", e);
    }
    List<String> arguments = List.of(group.label(), Integer.toString(n), only);
    Map<String, ChildJvm> libraries = new LinkedHashMap<>();
    libraries.put(Comparison.OURS, new ChildJvm(QgpoTimer.class.getName(), arguments, Map.of()));
    if (group == Group.GEMM) {
      // As packaged; the system's, whose threads are OpenMP's, is what libtorch computes with.
      libraries.put(
          "OpenBLAS", new ChildJvm(PEERS + "OpenBlasTimer", arguments, PeerThreads.ofOpenBlas(n)));
    }
    String timer = PEERS + "LibtorchTimer";
    libraries.put(
        "libtorch", new ChildJvm(timer, arguments, PeerThreads.withOpenBlas(n, openBlas)));
    // The build that DJL ships, behind the binding of its version.
    Path mkl = besideJar("peers").resolve("mkl");
    libraries.put(
        "libtorch with MKL",
        new ChildJvm(timer, arguments, PeerThreads.withMkl(n))
            .before(mkl.resolve("jars"))
            .options(
                "-Dorg.bytedeco.javacpp.pathsFirst=true",
                "-Djava.library.path=" + mkl.resolve("pytorch/cpu/linux-x86_64")));
    return libraries;
  }

  private static void write(Path file, Object content) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(content);
    AtomicFiles.write(file, stream -> stream.write(bytes));
  }

  private static Path ratiosFile(Path folder, Group group) {
    return folder.resolve("ratios-" + group.label() + ".json");
  }

  private static Path file(Path folder, Group group, String extension) {
    return folder.resolve("compare-" + group.label() + "." + extension);
  }

  private static Path besideJar(String name) {
    return Path.of(System.getProperty("java.class.path")).resolveSibling(name);
  }

  /** Processor, how many of them, system, JDK. */
  static String machine() throws IOException {
    Map<String, String> cpu = new HashMap<>();
    Path cpuInfo = Path.of("/proc/cpuinfo");
    if (Files.isReadable(cpuInfo)) {
      try (Stream<String> lines = Files.lines(cpuInfo)) {
        lines
            .takeWhile(line -> !line.isBlank()) // of the first processor
            .map(line -> line.split(":", 2))
            .filter(field -> field.length == 2)
            .forEach(field -> cpu.put(field[0].strip(), field[1].strip()));
      }
    }
    // Under a hypervisor a name may be that of many processors: family and model tell them apart.
    String processor =
        cpu.containsKey("model name") && cpu.containsKey("cpu family")
            ? "%s, family %s, model %s"
                .formatted(cpu.get("model name"), cpu.get("cpu family"), cpu.get("model"))
            : cpu.getOrDefault("model name", System.getProperty("os.arch"));
    return "%s, %d processors, %s, JDK %s"
        .formatted(
            processor,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            Runtime.version());
  }
}
