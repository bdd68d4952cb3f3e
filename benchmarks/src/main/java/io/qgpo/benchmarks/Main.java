package io.qgpo.benchmarks;

import java.util.Arrays;
import java.util.Map;

/**
 * What {@code java -jar benchmarks.jar} starts: {@code profile}, {@code compare} and {@code versus}
 * are our own commands; anything else goes to JMH.
 */
public final class Main {
  private Main() {}

  /** Runs a command, or JMH. */
  public static void main(String[] args) throws Exception {
    String first = args.length == 0 ? "" : args[0];
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    switch (first) {
      case "compare" -> System.exit(child(Compare.class, rest));
      case "profile" -> System.exit(child(Profile.class, rest));
      case "versus" -> System.exit(child(Versus.class, rest));
      default -> org.openjdk.jmh.Main.main(args);
    }
  }

  /** In a process that has the options of the product. */
  private static int child(Class<?> command, String[] arguments) {
    return new ChildJvm(command.getName(), Arrays.asList(arguments), Map.of()).run();
  }
}
