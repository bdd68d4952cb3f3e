package io.qgpo.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a JDK 25 or later: the one named by {@code QGPO_JAVA_HOME}, else the running one, else
 * {@code JAVA_HOME}, else the best of the folders where installers and version managers put JDKs.
 */
final class JdkFinder {
  private final String chosenHome;
  private final String runningHome;
  private final String javaHome;
  private final List<Path> folders;

  /**
   * A finder over given places.
   *
   * @param chosenHome the value of {@code QGPO_JAVA_HOME}; null or empty if not set
   * @param runningHome home of the running Java
   * @param javaHome the value of {@code JAVA_HOME}; null or empty if not set
   * @param folders folders that hold one JDK a subfolder; those that do not exist are skipped
   */
  JdkFinder(String chosenHome, String runningHome, String javaHome, List<Path> folders) {
    this.chosenHome = chosenHome;
    this.runningHome = runningHome;
    this.javaHome = javaHome;
    this.folders = folders;
  }

  /** The finder over this process's environment. */
  static JdkFinder ofEnvironment() {
    return new JdkFinder(
        System.getenv("QGPO_JAVA_HOME"),
        System.getProperty("java.home"),
        System.getenv("JAVA_HOME"),
        usualFolders(System.getProperty("user.home"), System.getenv("ProgramFiles")));
  }

  /** Prints the home of the JDK found: for scripts that start something else than the jar. */
  public static void main(String[] args) {
    try {
      System.out.println(ofEnvironment().find().home);
    } catch (NoJdkException e) {
      System.err.println(e.getMessage());
      System.exit(Launcher.USAGE_ERROR);
    }
  }

  /**
   * Finds a JDK.
   *
   * @throws NoJdkException if there is none, or {@code QGPO_JAVA_HOME} names something else
   */
  Jdk find() throws NoJdkException {
    if (chosenHome != null && !chosenHome.isEmpty()) {
      Jdk chosen = Jdk.at(chosenHome);
      if (chosen == null || !chosen.suitable()) {
        throw new NoJdkException(
            "QGPO_JAVA_HOME is "
                + chosenHome
                + ", which is "
                + (chosen == null ? "no JDK" : "a JDK " + chosen.feature + unsuitable(chosen))
                + ": set it to the home of a JDK 25 or later, or unset it.");
      }
      return chosen;
    }
    Jdk running = Jdk.at(runningHome);
    if (running != null && running.suitable()) {
      return running;
    }
    Jdk named = Jdk.at(javaHome);
    if (named != null && named.suitable()) {
      return named;
    }
    Jdk installed = bestInstalled();
    if (installed == null) {
      throw new NoJdkException(
          "QGPO needs a JDK 25 or later, and none was found in JAVA_HOME or where JDKs are usually"
              + " installed: install one (https://adoptium.net/temurin/releases/?version=25), or"
              + " set QGPO_JAVA_HOME to its home.");
    }
    return installed;
  }

  private static String unsuitable(Jdk jdk) {
    return jdk.feature < Jdk.REQUIRED_FEATURE ? "" : " without the module " + Jdk.VECTOR_MODULE;
  }

  /**
   * The installed JDK nearest to the release QGPO is tested on: the Vector API still changes from
   * one release to the next. Among equals the last by name, which is mostly the latest update.
   */
  private Jdk bestInstalled() {
    Jdk best = null;
    for (int i = 0; i < folders.size(); i++) {
      List<Path> homes = subfolders(folders.get(i));
      for (int j = 0; j < homes.size(); j++) {
        Jdk jdk = Jdk.at(homes.get(j));
        if (jdk != null && jdk.suitable() && (best == null || preferred(jdk, best))) {
          best = jdk;
        }
      }
    }
    return best;
  }

  private static boolean preferred(Jdk jdk, Jdk over) {
    return jdk.feature != over.feature
        ? jdk.feature < over.feature
        : jdk.home.getParent().equals(over.home.getParent())
            && jdk.home.toString().compareTo(over.home.toString()) > 0;
  }

  private static List<Path> subfolders(Path folder) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path path : stream) {
        found.add(path);
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // A folder that is absent or closed to this user holds no JDK for us.
      found.clear();
    }
    return found;
  }

  /**
   * Where installers and version managers put JDKs.
   *
   * @param userHome the user's home folder
   * @param programFiles the value of {@code ProgramFiles} on Windows, else null
   */
  static List<Path> usualFolders(String userHome, String programFiles) {
    List<Path> folders = new ArrayList<>();
    if (File.separatorChar == '\\') {
      String root = programFiles == null ? "C:\\Program Files" : programFiles;
      String[] vendors = {
        "Java", "Eclipse Adoptium", "Microsoft", "Zulu", "Amazon Corretto", "BellSoft", "OpenJDK"
      };
      for (String vendor : vendors) {
        folders.add(Paths.get(root, vendor));
      }
    } else {
      // Linux distributions; Oracle's packages; container images; macOS
      folders.add(Paths.get("/usr/lib/jvm"));
      folders.add(Paths.get("/usr/lib64/jvm"));
      folders.add(Paths.get("/usr/java"));
      folders.add(Paths.get("/opt/java"));
      folders.add(Paths.get("/Library/Java/JavaVirtualMachines"));
    }
    // SDKMAN!; IntelliJ IDEA; macOS, for one user
    folders.add(Paths.get(userHome, ".sdkman", "candidates", "java"));
    folders.add(Paths.get(userHome, ".jdks"));
    folders.add(Paths.get(userHome, "Library", "Java", "JavaVirtualMachines"));
    return folders;
  }
}
