package io.qgpo.api;

import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.RunException;
import io.qgpo.run.RunInfo;
import io.qgpo.run.TrainingRun;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Learns policies. Progress is printed to standard output, as by {@code qgpo train}, whose run
 * folder this makes: {@code qgpo evaluate} and {@code qgpo sample} take it.
 *
 * <p>For speed the program needs the JVM options that ARCHITECTURE.md lists; without {@code
 * --add-modules jdk.incubator.vector} the plain backend computes, many times more slowly.
 */
public final class Qgpo {
  private Qgpo() {}

  /** One for all policies: each has threads of its own, which do not end before the JVM. */
  private static final class Shared {
    static final Backend BACKEND =
        Backends.choose("auto", Runtime.getRuntime().availableProcessors()).backend();
  }

  /**
   * The settings for a real dataset within 15 minutes on two cores; change them by {@code with}.
   */
  public static QgpoConfig settings() {
    return Presets.config("quick");
  }

  /**
   * Trains to the end. If the folder holds a run that was stopped or killed, goes on with it, with
   * its own settings, and ends with the same policy as if it had never stopped.
   *
   * @param settings every setting
   * @param folder of the run; made where needed
   * @throws RunException if the folder holds a run on other data or, for rows in memory, another
   *     {@code data.npz} than the one that keeps them; or if the loss is no longer finite
   */
  public static Policy train(Dataset data, QgpoConfig settings, Path folder) {
    Backend backend = backend();
    try (TrainingRun run = open(data, settings, folder, backend)) {
      run.train();
    }
    return Policy.load(folder);
  }

  private static TrainingRun open(Dataset data, QgpoConfig settings, Path folder, Backend backend) {
    Path config = RunDirectory.configIn(folder);
    if (Files.exists(config)) {
      if (!data.isOf(folder, RunInfo.read(config))) {
        throw new RunException(
            "The folder " + folder + " holds a run on other data: choose another folder.");
      }
      return TrainingRun.resume(folder, backend, () -> false, System.err::println);
    }
    return TrainingRun.create(
        folder,
        settings,
        data.origin(folder),
        Optional.empty(),
        backend,
        () -> false,
        System.err::println);
  }

  /** The best one that this JVM can use, on all processors. */
  static Backend backend() {
    return Shared.BACKEND;
  }
}
