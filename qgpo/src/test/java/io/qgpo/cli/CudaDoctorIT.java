package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.Emulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What doctor says of a GPU; and that what a command computed with is given back at its end. */
// Of a JVM there is one emulator, and classes of tests run two at a time.
@ResourceLock("emulator")
class CudaDoctorIT {
  /** What tensor cores round is no error. */
  @Test
  void itsSelfCheckIsRightInBothPrecisions() {
    Emulator.install();
    try {
      for (String precision : new String[] {"--tf32=false", "--tf32"}) {
        Cli.Outcome outcome = Cli.run("doctor", "--backend=cuda", precision);
        assertEquals(Main.OK, outcome.code(), outcome.out());
        assertTrue(outcome.out().contains("ready"), outcome.out());
      }
    } finally {
      System.clearProperty("qgpo.cuda.tf32");
    }
  }

  @Test
  void atTheEndOfACommand() {
    Emulator emulator = Emulator.install();
    emulator.idle(true); // the self-check finds nothing then, and is not what this is about
    try {
      int allocations = emulator.allocations();
      int handles = emulator.handles();
      Cli.Outcome outcome = Cli.run("doctor", "--backend=cuda");
      assertTrue(outcome.out().contains("CUDA, emulator, compute capability 8.0"), outcome.out());
      String provider = "matrix products by own kernels in FP32, which fuse what follows a product";
      assertTrue(outcome.out().contains(provider), outcome.out());
      assertEquals(allocations, emulator.allocations());
      assertEquals(handles, emulator.handles());
    } finally {
      emulator.idle(false);
    }
  }
}
