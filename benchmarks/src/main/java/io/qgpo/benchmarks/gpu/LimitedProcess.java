package io.qgpo.benchmarks.gpu;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Another program, which gets so much time and no more. */
final class LimitedProcess {
  /**
   * How it ended.
   *
   * @param exit its code; -1 if it was ended because its time was up
   * @param lines all that it printed until then, errors among them
   */
  record Ended(int exit, double seconds, List<String> lines) {
    boolean ranOutOfTime() {
      return exit < 0;
    }

    /** The last line that holds a text; what there is to say if none does. */
    String last(String text, String otherwise) {
      return lines.reversed().stream()
          .filter(line -> line.contains(text))
          .map(String::strip)
          .findFirst()
          .orElse(otherwise);
    }
  }

  private LimitedProcess() {}

  /**
   * Runs a program to its end, or until its time is up; then it ends with all that it started.
   *
   * @param folder where it works
   * @param environment variables beside this process's
   * @param log takes what it prints
   * @throws UncheckedIOException if it cannot be started
   */
  static Ended run(
      List<String> command,
      Path folder,
      Map<String, String> environment,
      Path log,
      Duration limit) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.redirectInput(new File("/dev/null"));
    long begin = System.nanoTime();
    try {
      Process process = builder.start();
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      // Whatever is not of this charset must not keep the rest from being read.
      List<String> lines =
          new String(Files.readAllBytes(log), Charset.defaultCharset()).lines().toList();
      return new Ended(ended ? process.exitValue() : -1, seconds, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for " + command.getFirst(), e);
    }
  }

  /** A program on the PATH, or in one of these folders; null if it is nowhere. */
  static Path find(String program, List<Path> folders) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator)) {
      Path file = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isExecutable(file)) {
        return file;
      }
    }
    for (Path folder : folders) {
      if (Files.isExecutable(folder.resolve(program))) {
        return folder.resolve(program);
      }
    }
    return null;
  }
}
