package io.qgpo.benchmarks.gpu;

import io.qgpo.launch.Launcher;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The unpacked bundle: where things lie in it, and how its programs start.
 *
 * @param root its folder, absolute
 */
record Pack(Path root) {
  /** For tests. */
  private static final String HEAP = "-Xmx4g";

  /** Of the run-time image in it. */
  String java() {
    return root.resolve(Path.of("runtime", "bin", "java")).toString();
  }

  /** The program that users start. */
  Path qgpo() {
    return root.resolve(Path.of("qgpo", "target", "qgpo.jar"));
  }

  /** A script that times a peer. */
  Path peer(String script) {
    return root.resolve(Path.of("benchmarks", "peers", script));
  }

  /** Where a module's tests run, and find what they read. */
  Path module(String name) {
    return root.resolve(name);
  }

  /** The command line of the product. */
  List<String> qgpo(String... arguments) {
    List<String> command = new ArrayList<>(List.of(java(), "-jar", qgpo().toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * A main class of the benchmarks' jar, in which the kernels are too.
   *
   * @param options of the JVM, beside the product's
   */
  List<String> program(List<String> options, String mainClass, String... arguments) {
    return started(options, benchmarks(), mainClass, List.of(arguments));
  }

  /**
   * JUnit's console over the tests of some modules.
   *
   * @param modules whose classes of tests are there
   */
  List<String> tests(List<String> options, List<String> modules, List<String> arguments) {
    List<String> path = new ArrayList<>(List.of(benchmarks()));
    for (String module : modules) {
      path.add(testClasses(module).toString());
    }
    path.add(root.resolve("lib") + File.separator + "*");
    List<String> all = new ArrayList<>(List.of("execute", "--fail-if-no-tests"));
    // Each test by name, with the reason why one was not run.
    all.addAll(List.of("--disable-banner", "--disable-ansi-colors"));
    all.addAll(List.of("--details=tree", "--details-theme=ascii"));
    all.addAll(arguments);
    return started(
        options,
        String.join(File.pathSeparator, path),
        "org.junit.platform.console.ConsoleLauncher",
        all);
  }

  /** Classes of a module's tests. */
  Path testClasses(String module) {
    return root.resolve(Path.of(module, "target", "test-classes"));
  }

  private String benchmarks() {
    return root.resolve(Path.of("benchmarks", "target", "benchmarks.jar")).toString();
  }

  private List<String> started(
      List<String> options, String classPath, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(Launcher.OPTIONS);
    command.add(HEAP);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(arguments);
    return command;
  }

  /** The commit that it was made of, and the day. */
  String origin() {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(root.resolve("pack.properties"))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("reading what the bundle was made of", e);
    }
    return "%s, packed on %s"
        .formatted(properties.getProperty("commit"), properties.getProperty("packed"));
  }
}
