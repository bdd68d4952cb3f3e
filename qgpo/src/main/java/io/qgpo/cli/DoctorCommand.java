package io.qgpo.cli;

import com.sun.management.OperatingSystemMXBean;
import io.qgpo.env.catalog.Environments;
import io.qgpo.env.mujoco.MujocoException;
import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.run.ProgramVersion;
import io.qgpo.tensor.BackendProvider;
import io.qgpo.tensor.Backends;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tells what this machine offers, and whether the backend computes rightly on it. */
@Command(
    name = "doctor",
    description =
        "Prints the JVM, the backends and which is chosen and why, threads, memory and disk, the"
            + " environments and whether MuJoCo is found, and checks the backend's arithmetic. Exit"
            + " code 1 if something must be put right.",
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {"  qgpo doctor", "  qgpo doctor --mujoco /opt/mujoco --threads 1"})
final class DoctorCommand implements Callable<Integer> {
  /** The quick preset's networks, optimiser states and a dataset of a million rows fit in this. */
  private static final long ENOUGH_HEAP = 2L << 30;

  /** Support actions of two million states take 0.4 to 1.2 GB; checkpoints some MB. */
  private static final long ENOUGH_DISK = 2L << 30;

  @ParentCommand private QgpoCommand qgpo;
  @Spec private CommandSpec spec;

  private final List<String> advice = new ArrayList<>();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Backends.Choice choice = qgpo.global().choose();
    line(out, "qgpo", ProgramVersion.text());
    line(
        out,
        "java",
        "%s, %s, %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.home")));
    line(
        out,
        "system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
    line(
        out,
        "processors",
        "%d; threads %d"
            .formatted(Runtime.getRuntime().availableProcessors(), qgpo.global().threads()));
    memory(out);
    disk(out);
    for (BackendProvider provider : Backends.providers()) {
      String reason = provider.unavailableReason();
      line(out, provider.name(), reason == null ? "can run here" : "cannot run here: " + reason);
    }
    environments(out);
    line(out, "backend", choice.backend().description() + ": " + choice.reason());
    boolean right = selfCheck(out, choice);
    advice.forEach(sentence -> line(out, "advice", sentence));
    line(out, "verdict", right ? "ready" : "this backend computes wrongly here: use another");
    out.flush();
    return right ? Main.OK : Main.INTERNAL_ERROR;
  }

  private void memory(PrintWriter out) {
    long heap = Runtime.getRuntime().maxMemory();
    String physical =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? " of " + gib(system.getTotalMemorySize()) + " physical"
            : "";
    line(out, "memory", "heap limit " + gib(heap) + physical);
    if (heap < ENOUGH_HEAP) {
      advice.add("give the JVM more memory, as in java -Xmx4g");
    }
  }

  private void disk(PrintWriter out) {
    Path here = Path.of("").toAbsolutePath();
    try {
      FileStore store = Files.getFileStore(here);
      long free = store.getUsableSpace();
      line(out, "disk", gib(free) + " free in " + here);
      if (free < ENOUGH_DISK) {
        advice.add("free some disk space, or choose another folder with train --out");
      }
    } catch (IOException e) {
      line(out, "disk", "unknown in " + here + ": " + e.getMessage());
    }
  }

  private static void environments(PrintWriter out) {
    line(out, "environments", String.join(" ", Environments.names()));
    try {
      MujocoLibrary library = MujocoLibrary.find();
      line(out, "mujoco", library.version() + ", " + library.file());
    } catch (MujocoException e) {
      line(out, "mujoco", e.getMessage());
    }
  }

  private static boolean selfCheck(PrintWriter out, Backends.Choice choice) {
    SelfCheck.Result result = SelfCheck.run(choice.backend());
    line(
        out,
        "self-check",
        String.format(
            Locale.ROOT,
            "%s: largest error %.2g of a bound of %.2g; %.1f GFLOP/s at 512 x 512 x 512",
            result.right() ? "passed" : "FAILED",
            result.error(),
            result.bound(),
            result.gigaFlops()));
    return result.right();
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }

  private static void line(PrintWriter out, String name, String text) {
    out.printf("%-12s %s%n", name, text);
  }
}
