package io.qgpo.benchmarks;

import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine;

/**
 * What {@code java -jar benchmarks.jar} starts: {@code profile} and {@code compare} are our own
 * commands; anything else goes to JMH.
 */
public final class Main {
  private Main() {}

  /** Runs a command, or JMH. */
  public static void main(String[] args) throws Exception {
    String first = args.length == 0 ? "" : args[0];
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    switch (first) {
      case "compare" -> System.exit(new CommandLine(new Compare()).execute(rest));
      case "profile" ->
          System.exit(new ChildJvm(Profile.class.getName(), Arrays.asList(rest), Map.of()).run());
      default -> org.openjdk.jmh.Main.main(args);
    }
  }
}
