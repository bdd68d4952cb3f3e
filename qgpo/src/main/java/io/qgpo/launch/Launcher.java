package io.qgpo.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The jar's main class: starts the command line on a JDK 25 or later with the Vector API, and
 * stands in for it. Standard streams are the child's own; a signal that ends the launcher is passed
 * on, and the launcher waits until the child has saved; the exit code is the child's, or the
 * signal's; the launcher's own JVM options ({@code java -Xmx6g -jar qgpo.jar}) go to the child too.
 *
 * <p>A JVM that already is what the child would be runs the command line itself.
 */
public final class Launcher {
  /** Exit code where no JDK fits. */
  static final int USAGE_ERROR = 2;

  /**
   * The heap of the child, unless a user's option, which comes later, says otherwise: the JVM's own
   * choice, a quarter of the memory, is too little for large data on 8 GiB.
   */
  public static final String HEAP = "-XX:MaxRAMPercentage=50";

  /** JVM options that the product computes with. */
  public static final List<String> OPTIONS =
      List.of(
          "--add-modules",
          Jdk.VECTOR_MODULE,
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow", // protobuf's: no warning to every user
          // Large arrays then begin at a cache line: see AlignedFloats.
          "-XX:G1HeapRegionSize=1m",
          // Without it, chance decides whether kernels keep vectors in registers: see VectorMath.
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=inline,io.qgpo.tensor.simd.VectorMath::*");

  private static final String MAIN_CLASS = "io.qgpo.cli.Main";

  private Launcher() {}

  /** Runs the command line and ends this process with its exit code. */
  public static void main(String[] args) throws Exception {
    if (Runtime.version().feature() >= Jdk.REQUIRED_FEATURE && vectorModulePresent()) {
      Class.forName(MAIN_CLASS).getMethod("main", String[].class).invoke(null, (Object) args);
      return;
    }
    System.exit(launch(args));
  }

  /** Asking the module layer would take streams: 7 ms. */
  private static boolean vectorModulePresent() {
    try {
      Class.forName(Jdk.VECTOR_MODULE + ".Vector", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static int launch(String[] args) throws InterruptedException {
    Jdk jdk;
    try {
      jdk = JdkFinder.ofEnvironment().find();
    } catch (NoJdkException e) {
      System.err.println(e.getMessage());
      return USAGE_ERROR;
    }
    ProcessHandle self = ProcessHandle.current();
    List<String> options = ownOptions(self.info().arguments().orElse(null));
    if (options == null) {
      options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    }
    List<String> command =
        command(jdk, options, self.pid(), System.getProperty("java.class.path"), args);
    try {
      Process child = new ProcessBuilder(command).inheritIO().start();
      Runtime.getRuntime().addShutdownHook(new EndChild(child));
      return child.waitFor();
    } catch (IOException e) {
      System.err.println(
          "Could not start "
              + jdk.java()
              + " ("
              + e.getMessage()
              + "): check that JDK,"
              + " or set QGPO_JAVA_HOME to another.");
      return USAGE_ERROR;
    }
  }

  /**
   * The child's command.
   *
   * @param options JVM options of the launcher; they come last, so they win
   * @param pid process id of the launcher, for {@link ParentWatch}
   */
  static List<String> command(
      Jdk jdk, List<String> options, long pid, String classPath, String[] args) {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.addAll(OPTIONS);
    command.add(HEAP);
    command.addAll(options);
    command.add("-D" + ParentWatch.PARENT + "=" + pid);
    command.add("-cp");
    command.add(classPath);
    command.add(MAIN_CLASS);
    Collections.addAll(command, args);
    return command;
  }

  /**
   * The JVM options among a process's arguments: what stands before {@code -jar} or before this
   * class's name. Reading them here costs a tenth of asking the management bean.
   *
   * @param processArguments all arguments of the process; null where the system does not tell
   * @return the options; null if they cannot be told from these arguments
   */
  static List<String> ownOptions(String[] processArguments) {
    if (processArguments != null) {
      List<String> options = new ArrayList<>();
      for (String argument : processArguments) {
        if (argument.equals("-jar") || argument.equals(Launcher.class.getName())) {
          return options;
        }
        options.add(argument);
      }
    }
    return null;
  }

  /**
   * On a signal: asks the child to end and waits while it saves. The exit code is then the
   * signal's, 130 or 143, whichever the child has heard of first: a terminal sends Ctrl-C to both,
   * and this a request to end besides.
   */
  private static final class EndChild extends Thread {
    private final Process child;

    EndChild(Process child) {
      this.child = child;
    }

    @Override
    public void run() {
      // Where a request to end cannot be told from a kill (Windows), the console tells the child.
      if (child.supportsNormalTermination()) {
        child.destroy();
      }
      try {
        child.waitFor();
      } catch (InterruptedException e) {
        child.destroyForcibly();
      }
    }
  }
}
