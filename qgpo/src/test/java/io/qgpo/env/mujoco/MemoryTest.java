package io.qgpo.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.ChildJvm;
import io.qgpo.env.Environment;
import io.qgpo.env.locomotion.Inertia;
import io.qgpo.env.locomotion.Locomotion;
import io.qgpo.env.locomotion.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Environments that are closed leave nothing behind. */
class MemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int WARM_UP = 1_000;
  private static final int CYCLES = 10_000;

  /**
   * Resident memory may grow by this over all cycles: 0.4 kB each, where a model alone takes 5 kB
   * and a simulation 500. It grew by 200 kB.
   */
  private static final long MOST_GROWTH_KB = 4_000;

  /** A small heap, filled beforehand, and no optimising compiler: neither may grow meanwhile. */
  private static final List<String> STEADY_JVM =
      List.of(
          "-Xms48m",
          "-Xmx48m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1");

  /** Makes, steps and closes environments; prints by how many kB resident memory grew. */
  static final class Cycles {
    private Cycles() {}

    public static void main(String[] args) throws IOException {
      MujocoLibrary library = MujocoLibrary.find();
      cycle(library, WARM_UP);
      long before = residentKb();
      cycle(library, CYCLES);
      System.out.println(residentKb() - before);
    }

    private static void cycle(MujocoLibrary library, int cycles) {
      for (int i = 0; i < cycles; i++) {
        try (Environment hopper =
            Locomotion.HOPPER.environment(Rules.D4RL, Inertia.EXACT, library)) {
          hopper.reset(i);
          hopper.step(new float[3]);
        }
      }
    }

    private static long residentKb() throws IOException {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }

  @Test
  void tenThousandEnvironmentsDoNotLeak() {
    Assumptions.assumeTrue(Files.exists(STATUS), "needs /proc/self/status");
    RequiredMujoco.library();
    ChildJvm.Outcome outcome = ChildJvm.run(Cycles.class, STEADY_JVM);
    assertEquals(0, outcome.code(), outcome.output());
    long growth = Long.parseLong(outcome.output().strip());
    assertTrue(growth < MOST_GROWTH_KB, "resident memory grew by " + growth + " kB");
  }
}
