package io.qgpo.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The stand-in for the CUDA driver, as {@link EmulatorBuild} builds it, with the kernels' sources
 * and the faulty ones of {@code src/test/cuda} compiled in, and used by this JVM from then on.
 *
 * <p>Tests run in their module's folder, beside which this one lies.
 */
public final class Emulator {
  private static final Path MODULE = Path.of("..", "kernels-cuda");
  private static final Path TARGET = MODULE.resolve(Path.of("target", "emulator"));
  private static final Path OWN = MODULE.resolve(Path.of("src", "test", "cuda"));
  private static final Path RESOURCES =
      MODULE.resolve(Path.of("src", "main", "resources", "io", "qgpo", "cuda"));
  private static final Path KERNELS = RESOURCES.resolve("kernels");
  private static final Path SOURCES = RESOURCES.resolve("emulator");
  private static final Path LIBRARY = TARGET.resolve("libcuda.so.1").toAbsolutePath().normalize();

  /** The hash of what the library was built of. */
  private static final Path STAMP = TARGET.resolve("stamp");

  private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)\\(");

  /** Of its device, unless a test says otherwise. */
  private static final int MEBIBYTES = 640;

  /** Folders of the stand-ins for cuBLAS, by their majors. */
  private static final Map<Integer, Path> CUBLAS = new HashMap<>();

  private static Emulator instance;

  /** Whether the machine's own GPU is tested in its place. */
  public static final boolean ON_GPU = "true".equals(System.getenv("QGPO_TEST_GPU"));

  private Emulator() {}

  /**
   * Builds and installs it, once a JVM; skips the test without g++, if that may be. With {@code
   * QGPO_TEST_GPU=true} the machine's own GPU is tested instead, and what only the emulator has is
   * skipped.
   */
  public static synchronized Emulator install() {
    if (instance == null) {
      if (!ON_GPU) {
        System.setProperty(NativeLibraries.DRIVER_PROPERTY, library().toString());
      }
      instance = new Emulator();
    }
    if (!ON_GPU) {
      instance.call("emulator_reset");
      instance.schedule(0);
      instance.idle(false);
      instance.memory(MEBIBYTES);
    }
    return instance;
  }

  /**
   * Builds it, if that was not done for these sources; skips the test without g++, if that may be.
   *
   * @return its file, for {@code -Dqgpo.cuda.driver}
   */
  public static Path library() {
    if (!"true".equals(System.getenv("QGPO_REQUIRE_EMULATOR")) && !hasCompiler()) {
      String reason = "the emulator needs g++, which is not on the PATH";
      System.err.println("Skipped: " + reason);
      assumeTrue(false, reason);
    }
    try {
      String sources = hashOfSources();
      if (!Files.exists(LIBRARY)
          || !Files.exists(STAMP)
          || !Files.readString(STAMP).equals(sources)) {
        build();
        Files.writeString(STAMP, sources);
      }
      return LIBRARY;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("building the emulator", e);
    }
  }

  /**
   * Builds the stand-in for cuBLAS beside it.
   *
   * @param major 12 or 13, as the library's name has it
   * @return its folder, for {@code -Dqgpo.cuda.libraries}
   */
  public static synchronized Path cublas(int major) {
    return CUBLAS.computeIfAbsent(major, Emulator::buildCublas);
  }

  /** Another JVM may load the file meanwhile: it takes its place when it is whole. */
  private static Path buildCublas(int major) {
    Path driver = library();
    Path folder = driver.resolveSibling("cublas" + major);
    String name = "libcublas.so." + major;
    try {
      Files.createDirectories(folder);
      Path made = Files.createTempFile(folder, name, "");
      require(
          List.of(
              "g++",
              "-std=c++17",
              "-O1",
              "-fPIC",
              "-shared",
              "-DVERSION=%d0600".formatted(major),
              "-Wl,-soname," + name,
              OWN.resolve("cublas.cpp").toString(),
              driver.toString(),
              "-o",
              made.toString()));
      Files.move(made, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      return folder;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("building the stand-in for cuBLAS", e);
    }
  }

  private static String hashOfSources() throws IOException {
    StringBuilder hashes = new StringBuilder();
    for (Path folder : List.of(OWN, SOURCES, KERNELS)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          hashes.append(file.getFileName()).append(' ');
          hashes.append(PtxManifest.sha256(Files.readAllBytes(file))).append('\n');
        }
      }
    }
    return hashes.toString();
  }

  private static boolean hasCompiler() {
    try {
      require(List.of("g++", "--version"));
      return true;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private static void build() throws IOException, InterruptedException {
    Files.createDirectories(TARGET);
    Map<String, List<String>> kernels = new TreeMap<>();
    for (String ptx : PtxManifest.read().ptx().keySet()) {
      String name = ptx.replace(".ptx", "");
      kernels.put(KERNELS.resolve(name + ".cu").toString(), entries(PtxManifest.ptx(name)));
    }
    kernels.put(
        OWN.resolve("faulty.cu").toString(), entries(Files.readString(OWN.resolve("faulty.ptx"))));
    List<Path> sources = new ArrayList<>();
    EmulatorBuild.UNITS.forEach(unit -> sources.add(SOURCES.resolve(unit)));
    for (Map.Entry<String, List<String>> kernel : kernels.entrySet()) {
      sources.add(wrapper(kernel.getKey(), kernel.getValue()));
    }
    List<String> objects = new ArrayList<>();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Callable<String>> tasks =
          sources.stream().map(source -> (Callable<String>) () -> compile(source)).toList();
      for (Future<String> object : pool.invokeAll(tasks)) {
        objects.add(object.get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    List<String> link = new ArrayList<>(List.of("g++", "-shared", "-Wl,-soname,libcuda.so.1"));
    link.addAll(objects);
    link.addAll(List.of("-ldl", "-lpthread", "-o", LIBRARY.toString()));
    require(link);
  }

  private static List<String> entries(String ptx) {
    List<String> names = new ArrayList<>();
    for (Matcher matcher = ENTRY.matcher(ptx); matcher.find(); ) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static Path wrapper(String source, List<String> entries) throws IOException {
    Path file = TARGET.resolve(Path.of(source).getFileName() + ".cpp");
    String text = "#include \"%s\"\n".formatted(Path.of(source).toAbsolutePath());
    String name = file.getFileName().toString();
    Files.writeString(file, EmulatorBuild.unit(name, text, "", entries.toArray(String[]::new)));
    return file;
  }

  private static String compile(Path source) throws IOException, InterruptedException {
    Path object = TARGET.resolve(source.getFileName() + ".o");
    List<String> command = new ArrayList<>(List.of("g++"));
    command.addAll(EmulatorBuild.compileOptions(source, object, List.of(SOURCES, KERNELS)));
    command.addAll(EmulatorBuild.TRAPS);
    require(command);
    return object.toString();
  }

  private static void require(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + status + ": " + output);
    }
  }

  /** The order of blocks and of their threads: 0 ascending, 1 descending, others shuffled. */
  public void schedule(int order) {
    call("emulator_schedule", order);
  }

  /** Whether kernels are taken and not run: to count launches that would take too long. */
  public void idle(boolean on) {
    call("emulator_idle", on ? 1 : 0);
  }

  /** Leaves a test of CUDA C++ out on a machine with a GPU and no compiler. */
  public static void assumeCompiler() {
    assumeTrue(!ON_GPU || PtxCompiler.isThere(), "neither libnvrtc nor nvcc is on this machine");
  }

  /** How much memory its device has, in MiB; what is allocated stays. */
  public void memory(int mebibytes) {
    call("emulator_memory", mebibytes);
  }

  /** What the last failed launch did wrong. */
  String message() {
    requireEmulator("emulator_message");
    return KernelDevice.message();
  }

  /** Allocations that were not freed. */
  public int allocations() {
    return call("emulator_allocations");
  }

  /** Streams, events, graphs, modules, pinned memory and handles of cuBLAS not given back. */
  public int handles() {
    return call("emulator_handles");
  }

  private int call(String function, Object... ints) {
    requireEmulator(function);
    return KernelDevice.call(function, ints);
  }

  private void requireEmulator(String function) {
    assumeTrue(!ON_GPU, "only the emulator has " + function);
  }

  /** A kernel of {@code src/test/cuda/faulty.cu}. */
  static CudaKernel faulty(CudaDriver driver, String kernel) {
    try {
      return driver.load("faulty", Files.readString(OWN.resolve("faulty.ptx"))).kernel(kernel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
