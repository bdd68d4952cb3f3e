package io.qgpo.cli;

import io.qgpo.launch.ParentWatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This program in a process of its own, which ends when this one does. */
final class ChildProgram {
  private ChildProgram() {}

  /**
   * Starts it, on this JVM, with this JVM's options.
   *
   * @param memoryPercent share of the memory for its heap; options that say otherwise win
   * @param log takes both outputs
   */
  static Process start(List<String> arguments, int memoryPercent, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    command.addAll(options);
    if (options.stream().noneMatch(option -> option.startsWith("-Xmx"))) {
      command.add("-XX:MaxRAMPercentage=" + memoryPercent);
    }
    command.add("-D" + ParentWatch.PARENT + "=" + ProcessHandle.current().pid());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
