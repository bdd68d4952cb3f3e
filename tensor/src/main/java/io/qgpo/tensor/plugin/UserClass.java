package io.qgpo.tensor.plugin;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A class of a user's, with a public constructor without arguments.
 *
 * @param <T> what it implements
 */
public final class UserClass<T> {
  /** What a name begins with that is a class. */
  public static final String PREFIX = "class:";

  private final String name;
  private final String option;
  private final BiFunction<String, Throwable, ? extends RuntimeException> failure;
  private final Constructor<? extends T> constructor;

  private UserClass(
      String className,
      Class<T> type,
      String option,
      List<Path> classpath,
      BiFunction<String, Throwable, ? extends RuntimeException> failure) {
    this.name = PREFIX + className;
    this.option = option;
    this.failure = failure;
    this.constructor = constructor(className, type, classpath);
  }

  /**
   * Finds a class.
   *
   * @param className as typed behind {@link #PREFIX}
   * @param type what it must implement
   * @param option that names the class path, for messages
   * @param classpath jars and folders in which it is looked for after the program's own
   * @param failure makes what is thrown, of a sentence and its cause (or null), where there is no
   *     such class or it cannot be used, here or in {@link #newInstance}
   */
  public static <T> UserClass<T> find(
      String className,
      Class<T> type,
      String option,
      List<Path> classpath,
      BiFunction<String, Throwable, ? extends RuntimeException> failure) {
    return new UserClass<>(className, type, option, classpath, failure);
  }

  /** The class. */
  public Class<? extends T> type() {
    return constructor.getDeclaringClass();
  }

  private Constructor<? extends T> constructor(
      String className, Class<T> type, List<Path> classpath) {
    try {
      Class<?> found = Class.forName(className, true, loader(classpath));
      return found.asSubclass(type).getConstructor();
    } catch (ClassNotFoundException e) {
      throw failure.apply(
          "%s: found no such class in the program%s; name its jar or folder with %s"
              .formatted(name, classpath.isEmpty() ? "" : " or in " + classpath, option),
          e);
    } catch (ClassCastException e) {
      throw failure.apply(
          name + ": expected a class that implements " + type.getCanonicalName(), e);
    } catch (NoSuchMethodException e) {
      throw failure.apply(
          name + ": expected a public constructor without arguments, found none", e);
    } catch (LinkageError e) {
      throw unloadable(e);
    }
  }

  /** Never closed: classes may be loaded as long as an instance lives. */
  private ClassLoader loader(List<Path> classpath) {
    List<URL> urls = new ArrayList<>();
    for (Path path : classpath) {
      if (!Files.exists(path)) {
        throw failure.apply(option + ": expected jars or folders, found nothing at " + path, null);
      }
      try {
        urls.add(path.toUri().toURL());
      } catch (MalformedURLException e) {
        throw failure.apply(option + ": cannot use " + path, e);
      }
    }
    return new URLClassLoader(urls.toArray(new URL[0]), UserClass.class.getClassLoader());
  }

  /** Another instance. */
  public T newInstance() {
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw failure.apply(
          "%s: its constructor failed: %s".formatted(name, e.getCause()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw failure.apply(
          "%s: expected a public class that is not abstract (%s)".formatted(name, e), e);
    } catch (LinkageError e) {
      throw unloadable(e);
    }
  }

  private RuntimeException unloadable(LinkageError e) {
    return failure.apply(
        "%s: the class cannot be loaded (%s); compile it for this Java and name all that it needs with %s"
            .formatted(name, e, option),
        e);
  }
}
