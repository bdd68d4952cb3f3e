package io.qgpo.env.catalog;

import io.qgpo.env.Environment;
import io.qgpo.env.EnvironmentException;
import io.qgpo.env.EnvironmentSpec;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Environments that users have written. */
final class UserEnvironment {
  private UserEnvironment() {}

  /** The environment of this class; an instance is made for each episode that runs at a time. */
  static EnvironmentSpec spec(String className, List<Path> classpath) {
    Constructor<? extends Environment> constructor = constructor(className, classpath);
    String name = Environments.CLASS_PREFIX + className;
    return EnvironmentSpec.of(name, () -> create(name, constructor));
  }

  private static Constructor<? extends Environment> constructor(
      String className, List<Path> classpath) {
    String name = Environments.CLASS_PREFIX + className;
    try {
      Class<?> type = Class.forName(className, true, loader(classpath));
      return type.asSubclass(Environment.class).getConstructor();
    } catch (ClassNotFoundException e) {
      throw new EnvironmentException(
          "%s: found no such class in the program%s; name its jar or folder with --env-classpath"
              .formatted(name, classpath.isEmpty() ? "" : " or in " + classpath),
          e);
    } catch (ClassCastException e) {
      throw new EnvironmentException(
          name + ": expected a class that implements " + Environment.class.getName(), e);
    } catch (NoSuchMethodException e) {
      throw new EnvironmentException(
          name + ": expected a public constructor without arguments, found none", e);
    } catch (LinkageError e) {
      throw new EnvironmentException(
          "%s: the class cannot be loaded (%s); compile it for this Java and name all that it needs with --env-classpath"
              .formatted(name, e),
          e);
    }
  }

  /** Never closed: classes may be loaded as long as an environment lives. */
  private static ClassLoader loader(List<Path> classpath) {
    List<URL> urls = new ArrayList<>();
    for (Path path : classpath) {
      if (!Files.exists(path)) {
        throw new EnvironmentException(
            "--env-classpath: expected jars or folders, found nothing at " + path);
      }
      try {
        urls.add(path.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new EnvironmentException("--env-classpath: cannot use " + path, e);
      }
    }
    return new URLClassLoader(urls.toArray(new URL[0]), UserEnvironment.class.getClassLoader());
  }

  private static Environment create(String name, Constructor<? extends Environment> constructor) {
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new EnvironmentException(
          "%s: its constructor failed: %s".formatted(name, e.getCause()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new EnvironmentException(
          "%s: expected a public class that is not abstract (%s)".formatted(name, e), e);
    }
  }
}
