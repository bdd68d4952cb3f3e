package io.qgpo.cli;

import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BackendProvider;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.kernel.DeviceWorkshop;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that stand before or after any command. */
final class GlobalOptions {
  /** More than any machine has; a typing error otherwise. */
  private static final int MOST_THREADS = 4096;

  /** Read by the JDK when something first runs in the pool: no sooner than a command's work. */
  private static final String COMMON_POOL = "java.util.concurrent.ForkJoinPool.common.parallelism";

  /** Read by the backend cuda, of which nothing here knows. */
  private static final String TF32 = "qgpo.cuda.tf32";

  private static final String CUBLAS = "qgpo.cuda.cublas";

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "What computes: auto (default), or one that 'qgpo doctor' lists.")
  private String backend = "auto";

  private Integer threads;

  /** What a command chose; a device has to be given back. */
  private final List<Backend> chosen = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "Threads that compute and step environments; default: one for each processor.")
  void threads(Integer count) {
    threads = count;
    if (count != null && count >= 1) {
      // Of the JVM's common pool, in which slow environments are stepped: the caller is one more.
      System.setProperty(COMMON_POOL, Integer.toString(count - 1));
    }
  }

  @Option(
      names = "--tf32",
      scope = ScopeType.INHERIT,
      description =
          "On a GPU, multiply matrices on the tensor cores, with operands rounded to 10 bits.")
  void tf32(boolean on) {
    System.setProperty(TF32, Boolean.toString(on));
  }

  @Option(
      names = "--cublas",
      scope = ScopeType.INHERIT,
      description =
          "On a GPU, multiply large matrices by cuBLAS, which must be installed; without effect on"
              + " the CPU.")
  void cublas(boolean on) {
    System.setProperty(CUBLAS, Boolean.toString(on));
  }

  @Option(
      names = "--mujoco",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description =
          "File or folder of the MuJoCo library; default: MUJOCO_PATH, or where it is installed.")
  void mujoco(String path) {
    System.setProperty(MujocoLibrary.PATH_PROPERTY, path);
  }

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "After an error, show where in the program it arose.")
  private boolean stackTrace;

  /** Name of the backend asked for, or auto. */
  String backend() {
    return backend;
  }

  /** File or folder of the MuJoCo library, if one was named. */
  static Optional<String> mujoco() {
    return Optional.ofNullable(System.getProperty(MujocoLibrary.PATH_PROPERTY));
  }

  boolean stackTrace() {
    return stackTrace;
  }

  /**
   * Threads asked for, or the processors.
   *
   * @throws UsageException if out of range
   */
  int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1 || threads > MOST_THREADS) {
      throw new UsageException(
          "--threads: expected a whole number from 1 to " + MOST_THREADS + ", found " + threads);
    }
    return threads;
  }

  /**
   * The backend asked for.
   *
   * @throws UsageException if there is none of that name or it cannot run here
   */
  Backends.Choice choose() {
    requireKnownBackend();
    try {
      Backends.Choice choice = Backends.choose(backend, threads());
      chosen.add(choice.backend());
      return choice;
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /**
   * Closes the backends that were chosen, at the end of a command.
   *
   * @throws RuntimeException the first that one threw, when all have been closed
   */
  void closeBackends() {
    RuntimeException first = null;
    for (Backend backend : chosen) {
      try {
        if (backend instanceof AutoCloseable device) {
          device.close();
        }
      } catch (Exception e) {
        RuntimeException failure =
            e instanceof RuntimeException known
                ? known
                : new IllegalStateException("closing " + backend.name() + ": " + e.getMessage(), e);
        first = first == null ? failure : first;
      }
    }
    chosen.clear();
    if (first != null) {
      throw first;
    }
  }

  /**
   * Before anything that is to use it.
   *
   * @throws UsageException if there is no backend of the name asked for
   */
  void requireKnownBackend() {
    List<String> names = new ArrayList<>(List.of("auto"));
    Backends.providers().stream().map(BackendProvider::name).forEach(names::add);
    if (!names.contains(backend)) {
      throw UsageException.unknown("--backend", names, backend);
    }
  }

  /**
   * The backend asked for; the best on the CPU, if none was.
   *
   * @throws UsageException as {@link #choose()}
   */
  Backend chooseOnTheCpu() {
    if (!backend.equals("auto")) {
      return choose().backend();
    }
    for (BackendProvider provider : Backends.providers()) {
      if (DeviceWorkshop.find(provider.name()).isEmpty() && provider.unavailableReason() == null) {
        return provider.create(threads());
      }
    }
    return choose().backend();
  }

  /** {@link #choose}, with one line that says which it is and why. */
  Backends.Choice choose(PrintWriter log) {
    Backends.Choice choice = choose();
    log.println("backend " + choice.backend().description() + ": " + choice.reason());
    log.flush();
    return choice;
  }
}
