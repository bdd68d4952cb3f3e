package io.qgpo.tensor.kernel;

import io.qgpo.tensor.plugin.UserClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
  public static final String CLASS_PREFIX = UserClass.PREFIX;

  /**
   * Finds a class and makes an instance.
   *
   * @param classpath jars and folders in which it is looked for after the program's own
   * @throws KernelException if there is none, or it cannot be used
   */
  public static HostKernel load(HostOp op, String className, List<Path> classpath) {
    UserClass<?> found =
        UserClass.find(className, op.type(), "--kernel-classpath", classpath, KernelException::new);
    return new HostKernel(op, className, found.newInstance(), hash(found.type(), classpath));
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
