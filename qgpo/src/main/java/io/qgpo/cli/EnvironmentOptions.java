package io.qgpo.cli;

import io.qgpo.algorithm.NearestName;
import io.qgpo.env.catalog.Environments;
import io.qgpo.run.EnvironmentName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which environment a policy is evaluated in. */
final class EnvironmentOptions {
  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = {
        "Environment to evaluate in: hopper, halfcheetah or walker2d (D4RL's rules; each also -v4,"
            + " -v5, and -d4rl for the inertia of D4RL's day) and antmaze-*, which need MuJoCo;"
            + " maze2d-*, pointmaze; or"
            + " class:NAME for a public class of yours that implements io.qgpo.env.Environment."
            + " 'qgpo doctor' lists all."
      })
  private String name;

  @Option(
      names = "--env-classpath",
      paramLabel = "PATH",
      split = ",",
      description = "Jars and folders, separated by commas, in which the class of --env class: is.")
  private List<Path> classpath = new ArrayList<>();

  /** Whether any was given. */
  boolean given() {
    return name != null || !classpath.isEmpty();
  }

  /**
   * What {@code --env} names, if given.
   *
   * @throws UsageException if there is none of that name
   */
  Optional<EnvironmentName> environment() {
    if (name == null && !classpath.isEmpty()) {
      throw new UsageException("--env-classpath: expected together with --env, found alone");
    }
    if (name == null) {
      return Optional.empty();
    }
    return Optional.of(new EnvironmentName(resolved(), classpath));
  }

  private String resolved() {
    return name.startsWith(Environments.CLASS_PREFIX)
        ? name
        : Environments.resolve(name)
            .orElseThrow(
                () ->
                    new UsageException(
                        "--env: environment '%s' does not exist; did you mean %s? 'qgpo doctor' lists all"
                            .formatted(name, NearestName.suggestion(name, Environments.names()))));
  }
}
