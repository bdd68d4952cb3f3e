package io.qgpo.env.catalog;

import io.qgpo.env.Environment;
import io.qgpo.env.EnvironmentException;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.tensor.plugin.UserClass;
import java.nio.file.Path;
import java.util.List;

/** Environments that users have written. */
final class UserEnvironment {
  private UserEnvironment() {}

  /** The environment of this class; an instance is made for each episode that runs at a time. */
  static EnvironmentSpec spec(String className, List<Path> classpath) {
    UserClass<Environment> found =
        UserClass.find(
            className, Environment.class, "--env-classpath", classpath, EnvironmentException::new);
    return EnvironmentSpec.of(UserClass.PREFIX + className, found::newInstance);
  }
}
