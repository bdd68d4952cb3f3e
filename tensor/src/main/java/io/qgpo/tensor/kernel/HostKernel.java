package io.qgpo.tensor.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * An instance of a user's class that computes a primitive.
 *
 * @param op the primitive
 * @param className as typed behind {@code class:}
 * @param instance implements {@link HostOp#type}
 * @param sha256 of the class, or of all that it was found in
 */
public record HostKernel(HostOp op, String className, Object instance, String sha256) {
  /** What a name begins with that is a class. */
  public static final String CLASS_PREFIX = "class:";

  /**
   * Finds a class and makes an instance.
   *
   * @param classpath jars and folders in which it is looked for after the program's own
   * @throws KernelException if there is none, or it cannot be used
   */
  public static HostKernel load(HostOp op, String className, List<Path> classpath) {
    String name = CLASS_PREFIX + className;
    try {
      Class<?> type = Class.forName(className, true, loader(classpath));
      if (!op.type().isAssignableFrom(type)) {
        throw new KernelException(
            "%s: expected a class that implements %s, found one that does not"
                .formatted(name, op.type().getCanonicalName()));
      }
      Constructor<?> constructor = type.getConstructor();
      return new HostKernel(op, className, constructor.newInstance(), hash(type, classpath));
    } catch (ClassNotFoundException e) {
      throw new KernelException(
          "%s: found no such class in the program%s; name its jar or folder with --kernel-classpath"
              .formatted(name, classpath.isEmpty() ? "" : " or in " + classpath),
          e);
    } catch (NoSuchMethodException e) {
      throw new KernelException(
          name + ": expected a public constructor without arguments, found none", e);
    } catch (InvocationTargetException e) {
      throw new KernelException(
          "%s: its constructor failed: %s".formatted(name, e.getCause()), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new KernelException(
          "%s: expected a public class that is not abstract (%s)".formatted(name, e), e);
    } catch (LinkageError e) {
      throw new KernelException(
          "%s: the class cannot be loaded (%s); compile it for this Java and name all that it needs with --kernel-classpath"
              .formatted(name, e),
          e);
    }
  }

  /** Never closed: classes may be loaded as long as the kernel lives. */
  private static ClassLoader loader(List<Path> classpath) {
    List<URL> urls = new ArrayList<>();
    for (Path path : classpath) {
      if (!Files.exists(path)) {
        throw new KernelException(
            "--kernel-classpath: expected jars or folders, found nothing at " + path);
      }
      try {
        urls.add(path.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new KernelException("--kernel-classpath: cannot use " + path, e);
      }
    }
    return new URLClassLoader(urls.toArray(new URL[0]), HostKernel.class.getClassLoader());
  }

  private static String hash(Class<?> type, List<Path> classpath) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (classpath.isEmpty()) {
        String file = '/' + type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
          digest.update(in == null ? file.getBytes(StandardCharsets.UTF_8) : in.readAllBytes());
        }
      }
      for (Path path : classpath) {
        try (Stream<Path> files = Files.walk(path)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            digest.update(Files.readAllBytes(file));
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading class:" + type.getName(), e);
    }
  }

  /** What tells it from others, for a run's folder. */
  String identity() {
    return CLASS_PREFIX + className + ", SHA-256 " + sha256;
  }
}
