package io.qgpo.benchmarks.gpu;

import io.qgpo.benchmarks.Workload;
import io.qgpo.benchmarks.gpu.LimitedProcess.Ended;
import java.io.File;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The parts of the check, one after the other, and what they found. */
final class Parts {
  static final String BACKEND = "cuda";

  /** All of them; the page takes no time. */
  private static final Duration WHOLE = Duration.ofSeconds(470);

  // Seconds that each part may take. Those that others do not need are left for the peers, which
  // compile for long: whatever is left is theirs.
  private static final int DOCTOR = 40;
  private static final int TESTS = 130;
  private static final int TRAININGS = 50;
  private static final int SANITIZER = 50;
  private static final int KERNELS = 50;
  private static final int STEPS = 30;
  private static final int PYTHON = 20;

  /** The emulator takes longer, and nothing else is then to be done. */
  private static final int EMULATED_TESTS = 320;

  private static final int EMULATED_TRAININGS = 300;

  /** Of each figure's rounds together. */
  private static final String MEASURED_SECONDS = "0.7";

  private static final String SANITIZER_ERROR = "9";

  private static final Map<String, String> TESTS_ON_GPU = Map.of("QGPO_TEST_GPU", "true");

  private static final List<Path> SANITIZER_FOLDERS =
      List.of(
          Path.of("/usr/local/cuda/bin"),
          Path.of("/usr/local/cuda-13/bin"),
          Path.of("/usr/local/cuda-12/bin"),
          Path.of("/opt/cuda/bin"));

  private final Pack pack;
  private final Path logs;
  private final String noGpu;
  private final long begin = System.nanoTime();
  private final List<Part> done = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<ProductRate> products = new ArrayList<>();
  private final Machine machine;
  private Map<String, String> withCublas = Map.of();
  private boolean hasCublas;

  /**
   * The parts on this machine.
   *
   * @param logs takes what each part prints
   * @param noGpu why there is no GPU; null if there is one
   */
  Parts(Pack pack, Path logs, String noGpu) {
    this.pack = pack;
    this.logs = logs;
    this.noGpu = noGpu;
    machine = new Machine(noGpu);
  }

  /** Runs all. */
  void run() {
    doctor();
    tests();
    trainings();
    List<String> check = pack.program(List.of(), "io.qgpo.cuda.KernelCheck");
    sanitizer("memcheck", "ERROR SUMMARY", check, "comparisons");
    sanitizer("racecheck", "RACECHECK SUMMARY", check, "comparisons");
    List<String> primitives =
        pack.tests(
            List.of(),
            List.of("tensor", "kernels-cuda"),
            List.of("--select-class=io.qgpo.cuda.CudaContractTest"));
    sanitizer("memcheck", "ERROR SUMMARY", primitives, "tests successful");
    kernels();
    steps("fp32", false);
    steps("TF32", false);
    peers();
    steps("TF32", true);
    steps("fp32", true);
  }

  List<Part> done() {
    return done;
  }

  /** What was found, as Markdown. */
  String page() {
    return new Page(pack.origin(), machine, done, figures, products).text();
  }

  // ---- Right results -------------------------------------------------------------------------

  private void doctor() {
    String backend = noGpu == null ? BACKEND : "auto";
    Ended ended =
        start("doctor", pack.qgpo("doctor", "--backend", backend), pack.root(), Map.of(), DOCTOR);
    if (ended != null) {
      machine.engine(
          ended.lines().stream()
              .filter(line -> line.matches("backend\\s.*"))
              .map(line -> line.replaceFirst("backend\\s+", ""))
              .findFirst()
              .orElse("unknown"));
      String check = ended.last("self-check", "no self-check was made");
      add("doctor", ended, check.replaceAll("\\s+", " "));
    }
  }

  private void tests() {
    runTests(
        "tests of the kernels",
        "kernels-cuda",
        List.of(),
        List.of("tensor", "kernels-cuda"),
        List.of("--scan-class-path=" + pack.testClasses("kernels-cuda")),
        noGpu == null ? TESTS : EMULATED_TESTS);
  }

  private void trainings() {
    runTests(
        "tests of trainings",
        "qgpo",
        List.of("-Dqgpo.jar=" + pack.qgpo()),
        List.of("kernels-cuda", "qgpo"),
        List.of(
            "--select-class=io.qgpo.algorithm.CudaStepsIT",
            "--select-class=io.qgpo.algorithm.CudaMemoryIT",
            "--select-class=io.qgpo.cli.CudaTrainingIT",
            "--select-class=io.qgpo.cli.CudaDoctorIT",
            "--include-classname=.*IT"),
        noGpu == null ? TRAININGS : EMULATED_TRAININGS);
  }

  private void runTests(
      String name,
      String module,
      List<String> options,
      List<String> modules,
      List<String> arguments,
      int seconds) {
    if (noGpu != null && LimitedProcess.find("g++", List.of()) == null) {
      add(
          Part.failed(
              name, 0, "there is no GPU, and no g++ to build the emulator with: install g++"));
      return;
    }
    Map<String, String> environment =
        noGpu == null
            ? TESTS_ON_GPU
            : Map.of("QGPO_TEST_GPU", "false", "QGPO_REQUIRE_EMULATOR", "true");
    Ended ended =
        start(
            name,
            pack.tests(options, modules, arguments),
            pack.module(module),
            environment,
            seconds);
    if (ended != null) {
      String where = noGpu == null ? "on the GPU" : "on the emulator";
      // JUnit's console counts at the end.
      String counts =
          ended.ranOutOfTime() ? "not all had ended" : TestCounts.parse(ended.lines()).toString();
      add(name, ended, counts + ", " + where);
    }
  }

  /**
   * One of compute-sanitizer's tools over a program.
   *
   * @param summary begins the line of the tool's findings
   * @param checks the program's command
   * @param counts is in the line that says how many checks it made
   */
  private void sanitizer(String tool, String summary, List<String> checks, String counts) {
    String name = "compute-sanitizer " + tool + " of " + checks.getLast().replaceFirst(".*\\.", "");
    if (isWithoutGpu(name)) {
      return;
    }
    Path program = LimitedProcess.find("compute-sanitizer", SANITIZER_FOLDERS);
    if (program == null) {
      add(Part.notRun(name, "compute-sanitizer, of CUDA's toolkit, was not found"));
      return;
    }
    List<String> command = new ArrayList<>(List.of(program.toString(), "--tool", tool));
    command.addAll(List.of("--target-processes", "all", "--error-exitcode", SANITIZER_ERROR));
    command.addAll(checks);
    Ended ended = start(name, command, pack.module("kernels-cuda"), TESTS_ON_GPU, SANITIZER);
    if (ended != null) {
      String found =
          ended.last(summary, "no summary").replaceFirst("=+ *", "")
              + "; "
              + ended.last(counts, "the kernels were not compared to their end");
      add(name, ended, found);
    }
  }

  // ---- Times ---------------------------------------------------------------------------------

  private void kernels() {
    String name = "kernels beside cuBLAS";
    if (isWithoutGpu(name)) {
      return;
    }
    String folders = cublasOfPython();
    if (!folders.isEmpty()) {
      String before = System.getenv().getOrDefault("LD_LIBRARY_PATH", "");
      withCublas =
          Map.of(
              "LD_LIBRARY_PATH",
              before.isEmpty() ? folders : before + File.pathSeparator + folders);
    }
    Ended ended =
        start(
            name,
            pack.program(List.of(), "io.qgpo.cuda.KernelBench"),
            pack.root(),
            withCublas,
            KERNELS);
    if (ended != null) {
      products.addAll(ProductRate.parse(ended.lines()));
      machine.latencies(
          ended.lines().stream()
              .filter(line -> line.matches("(launch|node|graph|copy|linear_grad|adam) .*"))
              .toList());
      String cublas = ended.last("cuBLAS: ", "cuBLAS: none; the timings did not come to it");
      hasCublas = !cublas.startsWith("cuBLAS: none");
      add(name, ended, products.size() + " products; " + cublas);
    }
  }

  /** Folders of the libraries that come with a PyTorch of pip; empty if there are none. */
  private String cublasOfPython() {
    Path python = LimitedProcess.find("python3", List.of());
    if (python == null) {
      return "";
    }
    String program =
        "import glob, nvidia; print(':'.join(f for p in nvidia.__path__ for f in glob.glob(p +"
            + " '/*/lib')))";
    Ended ended =
        start(
            "python libraries",
            List.of(python.toString(), "-c", program),
            pack.root(),
            Map.of(),
            PYTHON);
    return ended == null || ended.exit() != 0 ? "" : ended.last("/", "");
  }

  /**
   * Our whole steps.
   *
   * @param byCublas whether cuBLAS computes large products, where the kernels' timings found it
   */
  private void steps(String precision, boolean byCublas) {
    String name = "steps, " + precision + (byCublas ? ", large products by cuBLAS" : "");
    if (isWithoutGpu(name)) {
      return;
    }
    if (byCublas && !hasCublas) {
      add(Part.notRun(name, "the timings of kernels found no cuBLAS"));
      return;
    }
    List<String> options =
        List.of("-Dqgpo.cuda.tf32=" + precision.equals("TF32"), "-Dqgpo.cuda.cublas=" + byCublas);
    Ended ended =
        start(
            name,
            pack.program(options, StepTimes.class.getName(), BACKEND, MEASURED_SECONDS),
            pack.root(),
            byCublas ? withCublas : Map.of(),
            STEPS);
    if (ended != null) {
      List<Figure> measured = Figure.parse(ended.lines());
      figures.addAll(measured);
      add(name, ended, measured.size() + " of " + Figure.STEPS.size() + " steps timed");
    }
  }

  private void peers() {
    String name = "PyTorch";
    if (isWithoutGpu(name)) {
      return;
    }
    Path python = LimitedProcess.find("python3", List.of());
    if (python == null) {
      add(Part.notRun(name, "python3 was not found"));
      return;
    }
    String question = "import torch; assert torch.cuda.is_available(); print(torch.__version__)";
    Ended torch =
        start(
            "PyTorch's version",
            List.of(python.toString(), "-c", question),
            pack.root(),
            Map.of(),
            PYTHON);
    if (torch == null || torch.exit() != 0) {
      add(Part.notRun(name, "python3 has no PyTorch that finds the GPU"));
      return;
    }
    machine.peer("PyTorch " + torch.lines().getLast());
    Ended ended =
        start(
            name,
            List.of(
                python.toString(),
                pack.peer("torch_steps.py").toString(),
                "--seconds",
                MEASURED_SECONDS,
                "--state",
                Integer.toString(Workload.STATE_DIM),
                "--action",
                Integer.toString(Workload.ACTION_DIM)),
            pack.root(),
            Map.of(),
            Math.max(STEPS, (int) secondsLeft() - (hasCublas ? 2 * STEPS : 0)));
    if (ended != null) {
      List<Figure> measured = Figure.parse(ended.lines());
      figures.addAll(measured);
      add(name, ended, measured.size() + " figures");
    }
  }

  // ---- Running -------------------------------------------------------------------------------

  private boolean isWithoutGpu(String name) {
    if (noGpu != null) {
      add(Part.notRun(name, "there is no GPU"));
    }
    return noGpu != null;
  }

  private long secondsLeft() {
    return WHOLE.toSeconds() - (System.nanoTime() - begin) / 1_000_000_000;
  }

  /** Runs a process in what is left of the time; null, and a part that failed, if it cannot. */
  private Ended start(
      String name, List<String> command, Path folder, Map<String, String> environment, int most) {
    long left = Math.min(most, secondsLeft());
    if (left <= 0) {
      add(Part.failed(name, 0, "no time was left for it"));
      return null;
    }
    System.out.println(name + " ...");
    Path log = logs.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + ".log");
    try {
      return LimitedProcess.run(command, folder, environment, log, Duration.ofSeconds(left));
    } catch (UncheckedIOException e) {
      add(Part.failed(name, 0, "could not be started: " + e.getCause().getMessage()));
      return null;
    }
  }

  private void add(String name, Ended ended, String found) {
    if (ended.exit() == 0) {
      add(new Part(name, Part.Outcome.PASSED, ended.seconds(), found));
    } else {
      String how = ended.ranOutOfTime() ? "its time was up" : "ended with " + ended.exit();
      add(Part.failed(name, ended.seconds(), how + "; " + found));
    }
  }

  private void add(Part part) {
    done.add(part);
    System.out.println(part);
  }
}
