package io.qgpo.cli;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.run.DataOrigin;
import io.qgpo.run.DataOrigin.DataFile;
import io.qgpo.run.EnvironmentName;
import io.qgpo.run.RunInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a new run is to be made of.
 *
 * @param settings every setting
 * @param origin where the data are
 * @param environment what the policy is evaluated in, if anything
 */
record RunPlan(QgpoConfig settings, DataOrigin origin, Optional<EnvironmentName> environment) {

  /** The first thing in which a run is other than planned, in words; empty if there is none. */
  Optional<String> difference(RunInfo run) {
    Map<String, Object> planned = settings.values();
    Map<String, Object> found = run.settings().values();
    for (var key : ConfigTable.keys()) {
      Object value = found.get(key.name());
      if (!value.equals(planned.get(key.name()))) {
        return Optional.of(
            "setting '%s' is %s there and would be %s"
                .formatted(key.name(), key.text(value), key.text(planned.get(key.name()))));
      }
    }
    if (!absolute(origin).equals(absolute(run.origin()))) {
      return Optional.of(
          "the data are %s there and would be %s".formatted(words(run.origin()), words(origin)));
    }
    if (!environment.map(RunPlan::absolute).equals(run.environment().map(RunPlan::absolute))) {
      return Optional.of(
          "the environment is %s there and would be %s"
              .formatted(words(run.environment()), words(environment)));
    }
    return Optional.empty();
  }

  /** Of equal fields where the data are the same: of files, paths and columns are compared. */
  private static List<Object> absolute(DataOrigin origin) {
    return origin instanceof DataFile file
        ? List.of(absolute(file.path()), file.columns().said())
        : List.of(origin);
  }

  private static EnvironmentName absolute(EnvironmentName environment) {
    return new EnvironmentName(
        environment.name(), environment.classpath().stream().map(RunPlan::absolute).toList());
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static String words(DataOrigin origin) {
    if (origin instanceof DataFile file) {
      Map<String, String> columns = file.columns().said();
      return absolute(file.path()) + (columns.isEmpty() ? "" : " with columns " + columns);
    }
    return origin.toString();
  }

  private static String words(Optional<EnvironmentName> environment) {
    return environment.map(RunPlan::words).orElse("none");
  }

  private static String words(EnvironmentName environment) {
    List<Path> classpath = environment.classpath();
    return environment.name() + (classpath.isEmpty() ? "" : " of " + classpath);
  }
}
