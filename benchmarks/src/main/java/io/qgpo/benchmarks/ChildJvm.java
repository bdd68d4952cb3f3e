package io.qgpo.benchmarks;

import io.qgpo.launch.Launcher;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM like this one, on this class path, with the options that the product starts with. */
final class ChildJvm {
  private final List<String> command;
  private final Map<String, String> environment;

  /**
   * What to start.
   *
   * @param environment variables to set beside this process's
   */
  ChildJvm(String mainClass, List<String> arguments, Map<String, String> environment) {
    command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Launcher.OPTIONS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    this.environment = environment;
  }

  /** Puts the jars in a folder before this process's class path. */
  ChildJvm before(Path jars) {
    int classPath = command.indexOf("-cp") + 1;
    command.set(classPath, jars.resolve("*") + File.pathSeparator + command.get(classPath));
    return this;
  }

  /** Adds options of the JVM. */
  ChildJvm options(String... options) {
    command.addAll(command.indexOf("-cp"), List.of(options));
    return this;
  }

  /** The environment and the command, as a shell would take them; the class path left out. */
  String describe() {
    int classPath = command.indexOf("-cp");
    Stream<String> shown =
        Stream.concat(
            environment.entrySet().stream().map(e -> e.getKey() + "='" + e.getValue() + "'"),
            Stream.concat(
                command.subList(0, classPath).stream(),
                command.subList(classPath + 2, command.size()).stream().map(ChildJvm::quoted)));
    return shown.collect(Collectors.joining(" "));
  }

  private static String quoted(String argument) {
    return argument.isEmpty() || argument.contains(" ") ? "'" + argument + "'" : argument;
  }

  /** Runs it with this process's streams; its exit code. */
  int run() {
    try {
      return builder().inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for " + describe(), e);
    }
  }

  /**
   * Runs it to its end and returns the {@link Timing}s that it prints.
   *
   * @throws IllegalStateException with all it printed, if it failed or printed none
   */
  List<Timing> time() {
    StringBuilder output = new StringBuilder();
    List<Timing> timings = new ArrayList<>();
    try {
      Process process = builder().redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          output.append(line).append('\n');
          if (line.startsWith(Timing.PREFIX)) {
            timings.add(Timing.parse(line));
          }
        }
      }
      int exit = process.waitFor();
      if (exit != 0 || timings.isEmpty()) {
        throw new IllegalStateException(
            "exit code %d and %d results from: %s%n%s"
                .formatted(exit, timings.size(), describe(), output));
      }
      return timings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for " + describe(), e);
    }
  }

  private ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Set for the sake of other work they would slow a peer: an OPENBLAS_CORETYPE of Haswell halves
    // OpenBLAS on a machine with 512-bit vectors.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(OPENBLAS|OMP|GOMP|KMP|MKL|DNNL|ONEDNN|LD_PRELOAD).*"));
    builder.environment().putAll(environment);
    return builder;
  }
}
