package io.qgpo.cli;

import io.qgpo.launch.Launcher;
import io.qgpo.launch.ParentWatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** This program in a process of its own, which ends when this one does. */
final class ChildProgram {
  private ChildProgram() {}

  /**
   * Starts it, on this JVM, with this JVM's options.
   *
   * @param heapBytes of its heap at most; options of a user that say otherwise win
   * @param log takes both outputs
   */
  static Process start(List<String> arguments, long heapBytes, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    command.addAll(options);
    command.addAll(heapOptions(options, heapBytes));
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

  /**
   * What limits the heap, after the options of this JVM: nothing, if a user's are among them.
   *
   * @param options of this JVM; a {@link Launcher} puts its own choice before the user's
   */
  static List<String> heapOptions(List<String> options, long heapBytes) {
    List<String> users = new ArrayList<>(options);
    if (options.stream().anyMatch(option -> option.startsWith("-D" + ParentWatch.PARENT))) {
      users.remove(Launcher.HEAP);
    }
    boolean chosen =
        users.stream()
            .anyMatch(
                option ->
                    Stream.of("-Xmx", "-XX:MaxHeapSize=", "-XX:MaxRAMPercentage=")
                        .anyMatch(option::startsWith));
    return chosen ? List.of() : List.of("-Xmx" + heapBytes);
  }
}
