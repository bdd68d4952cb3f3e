package io.qgpo.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged jar as a user does. */
@Timeout(120)
class LauncherIT {
  private static final String JAR = System.getProperty("qgpo.jar");

  /**
   * A command line that does what the tests need; it stands before the jar on the class path, so
   * the jar's launcher starts it in place of the real one.
   */
  private static final String STAND_IN =
      """
      package io.qgpo.cli;

      public class Main {
        public static void main(String[] args) throws Exception {
          io.qgpo.launch.ParentWatch.start();
          System.out.println(String.join(",", args));
          if (args[0].equals("options")) {
            System.out.println(System.getProperty("a"));
            System.out.println(Runtime.getRuntime().maxMemory() >> 20);
            System.out.println(Class.forName("jdk.incubator.vector.FloatVector").getName());
          } else if (args[0].equals("echo")) {
            System.in.transferTo(System.out);
            System.exit(7);
          } else {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("saved")));
            System.out.println(ProcessHandle.current().pid());
            Thread.sleep(100_000);
          }
        }
      }
      """;

  @TempDir static Path folder;
  private static String standInPath;

  @BeforeAll
  static void compileStandIn() throws IOException {
    Path source = folder.resolve("Main.java");
    Files.writeString(source, STAND_IN);
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", JAR, "-d", folder.toString(), source.toString());
    assertEquals(0, code);
    standInPath = folder + System.getProperty("path.separator") + JAR;
  }

  @Test
  void theJarRunsTheCommandLine() throws Exception {
    Result result = run(java("-jar", JAR, "--version"), Map.of(), "");
    assertEquals(0, result.code, result.err);
    assertTrue(result.out.startsWith("qgpo "), result.out);
  }

  @Test
  void aWrongCommandGivesTheCommandLinesExitCode() throws Exception {
    Result result = run(java("-jar", JAR, "no-such-command"), Map.of(), "");
    assertEquals(2, result.code);
    assertTrue(result.err.contains("no-such-command"), result.err);
  }

  @Test
  void withoutAJdkOneSentenceAndExitCode2() throws Exception {
    Map<String, String> environment = Map.of("QGPO_JAVA_HOME", folder.toString());
    Result result = run(java("-jar", JAR, "--version"), environment, "");
    assertEquals(2, result.code);
    assertEquals("", result.out);
    assertEquals(1, result.err.lines().count(), result.err);
    assertTrue(result.err.contains("which is no JDK"), result.err);
  }

  @Test
  void optionsOfTheLauncherReachTheChildWithItsOwn() throws Exception {
    Result result = run(standIn(List.of("-Xmx200m", "-Da=b c"), "options", ""), Map.of(), "");
    assertEquals(0, result.code, result.err);
    assertEquals(
        List.of("options,", "b c", "200", "jdk.incubator.vector.FloatVector"),
        result.out.lines().toList());
  }

  @Test
  void aJvmThatHasTheVectorModuleRunsTheCommandLineItself() throws Exception {
    List<String> options = List.of("--add-modules", Jdk.VECTOR_MODULE, "-Xmx100m", "-Da=1");
    Map<String, String> environment = Map.of("QGPO_JAVA_HOME", folder.toString());
    Result result = run(standIn(options, "options"), environment, "");
    assertEquals(0, result.code, result.err);
    assertEquals(List.of("1", "100"), result.out.lines().toList().subList(1, 3));
  }

  @Test
  void standardInputAndExitCodePassThrough() throws Exception {
    Result result = run(standIn(List.of(), "echo"), Map.of(), "one\ntwo\n");
    assertEquals("echo\none\ntwo\n", result.out);
    assertEquals(7, result.code);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process cannot be asked to end there")
  void aRequestToEndIsPassedOnAndTheLauncherWaits() throws Exception {
    Process launcher = start(standIn(List.of(), "wait"), Map.of());
    List<String> lines = new ArrayList<>();
    try (var out = launcher.inputReader()) {
      lines.add(out.readLine());
      long child = Long.parseLong(out.readLine());
      launcher.toHandle().destroy();
      out.lines().forEach(lines::add); // ends when both processes have closed it
      assertEquals(128 + 15, launcher.waitFor());
      assertTrue(ProcessHandle.of(child).isEmpty());
    }
    assertEquals(List.of("wait", "saved"), lines);
  }

  @Test
  void theChildEndsAndSavesWhenItsLauncherIsKilled() throws Exception {
    // Into a file: Java closes its end of a pipe once the process it started is gone.
    Path out = folder.resolve("killed.txt");
    ProcessBuilder builder = new ProcessBuilder(standIn(List.of(), "wait"));
    builder.environment().remove("QGPO_JAVA_HOME");
    Process launcher = builder.redirectOutput(out.toFile()).start();
    while (launcher.isAlive() && Files.readString(out).chars().filter(c -> c == '\n').count() < 2) {
      Thread.sleep(10);
    }
    List<String> lines = Files.readAllLines(out);
    assertEquals("wait", lines.get(0));
    ProcessHandle child = ProcessHandle.of(Long.parseLong(lines.get(1))).orElseThrow();
    launcher.destroyForcibly();
    child.onExit().get(60, TimeUnit.SECONDS);
    assertEquals(List.of("wait", lines.get(1), "saved"), Files.readAllLines(out));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a dead process leaves no trace there")
  void theChildEndsThoughNobodyReapsItsKilledLauncher() throws Exception {
    // sleep inherits the launcher from the shell and never waits for it, so it stays a zombie.
    List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" & exec sleep 1000", "sh"));
    command.addAll(standIn(List.of(), "wait"));
    Process negligent = start(command, Map.of());
    try (var out = negligent.inputReader()) {
      assertEquals("wait", out.readLine());
      ProcessHandle child = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
      ProcessHandle launcher = child.parent().orElseThrow();
      assertEquals(negligent.pid(), launcher.parent().orElseThrow().pid());
      launcher.destroyForcibly();
      child.onExit().get(60, TimeUnit.SECONDS);
      assertEquals("saved", out.readLine());
    } finally {
      negligent.descendants().forEach(ProcessHandle::destroyForcibly);
      negligent.toHandle().destroyForcibly();
    }
  }

  private record Result(int code, String out, String err) {}

  private static List<String> standIn(List<String> options, String... args) {
    List<String> command = new ArrayList<>(java(options.toArray(new String[0])));
    command.addAll(List.of("-cp", standInPath, "io.qgpo.launch.Launcher"));
    command.addAll(List.of(args));
    return command;
  }

  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static Process start(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("QGPO_JAVA_HOME");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Result run(List<String> command, Map<String, String> environment, String input)
      throws Exception {
    Process process = start(command, environment);
    process.getOutputStream().write(input.getBytes(UTF_8));
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), out, err);
  }
}
