package io.qgpo.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/** An installed JDK, described by the file {@code release} in its home. */
final class Jdk {
  /** First feature release QGPO runs on. */
  static final int REQUIRED_FEATURE = 25;

  /** The module with the Vector API. */
  static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** A release file is about 2 KB; what is longer than this is something else. */
  private static final long MAX_RELEASE_BYTES = 1 << 16;

  final Path home;
  final int feature;
  private final boolean vectorModule;

  private Jdk(Path home, int feature, boolean vectorModule) {
    this.home = home;
    this.feature = feature;
    this.vectorModule = vectorModule;
  }

  /**
   * Reads what is installed at a folder.
   *
   * @param home the folder, or for a macOS bundle the folder around {@code Contents/Home}
   * @return the JDK, or null where there is none
   */
  static Jdk at(Path home) {
    Path bundle = home.resolve("Contents").resolve("Home");
    Path actual = Files.isDirectory(bundle) ? bundle : home;
    Path release = actual.resolve("release");
    try {
      if (!Files.isRegularFile(release)
          || Files.size(release) > MAX_RELEASE_BYTES
          || !Files.isExecutable(java(actual))) {
        return null;
      }
      String text = new String(Files.readAllBytes(release), StandardCharsets.UTF_8);
      String modules = value(text, "MODULES");
      return new Jdk(
          actual,
          feature(value(text, "JAVA_VERSION")),
          modules == null || (" " + modules + " ").contains(" " + VECTOR_MODULE + " "));
    } catch (IOException e) {
      return null; // not readable by this user, so not startable either
    }
  }

  /** The same as {@link #at(Path)} for a path in text, which may be null, empty or malformed. */
  static Jdk at(String home) {
    if (home == null || home.isEmpty()) {
      return null;
    }
    try {
      return at(Paths.get(home));
    } catch (java.nio.file.InvalidPathException e) {
      return null;
    }
  }

  /** True if QGPO runs on it. */
  boolean suitable() {
    return feature >= REQUIRED_FEATURE && vectorModule;
  }

  /** Its launcher. */
  Path java() {
    return java(home);
  }

  private static Path java(Path home) {
    boolean windows = java.io.File.separatorChar == '\\';
    return home.resolve("bin").resolve(windows ? "java.exe" : "java");
  }

  /** The value of a line {@code KEY="value"}; null if there is no such line. */
  private static String value(String text, String key) {
    String start = "\n" + key + "=\"";
    int at = ("\n" + text).indexOf(start);
    if (at < 0) {
      return null;
    }
    int from = at + start.length() - 1; // less the line break put in front
    int to = text.indexOf('"', from);
    return to < 0 ? null : text.substring(from, to);
  }

  /** 25 of "25", "25.0.1" and "25-ea"; 1 of "1.8.0_412"; 0 of what is no version. */
  private static int feature(String version) {
    int feature = 0;
    for (int i = 0; version != null && i < version.length() && i < 4; i++) {
      int digit = version.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      feature = 10 * feature + digit;
    }
    return feature;
  }
}
