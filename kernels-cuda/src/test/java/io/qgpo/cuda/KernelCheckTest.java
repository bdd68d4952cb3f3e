package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.KernelCheck.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All kernels against the oracle, on the emulator, with the threads in several orders. */
class KernelCheckTest {
  @Test
  void allKernelsAgreeWithTheOracleAndTheOrderOfThreadsChangesNoBit() {
    Emulator emulator = Emulator.install();
    try (CudaDriver driver = CudaDriver.open()) {
      List<Outcome> ascending = KernelCheck.run(driver, false);
      assertEquals(List.of(), ascending.stream().filter(o -> !o.passed()).toList());
      assertEquals(452, ascending.size());
      assertEquals(0, driver.heldBytes());
      if (Emulator.ON_GPU) {
        return; // whose order nobody chooses; all have run twice
      }
      emulator.schedule(1);
      assertEquals(ascending, KernelCheck.run(driver, false));
      emulator.schedule(0);
      List<Outcome> few = KernelCheck.runFew(driver);
      for (int order = 2; order < 6; order++) {
        emulator.schedule(order);
        assertEquals(few, KernelCheck.runFew(driver));
      }
    }
  }

  @Test
  void nanIsNeverNearEnough() {
    assertTrue(new Outcome("k", "w", 1e-7, 1e-6).passed());
    assertTrue(!new Outcome("k", "w", Double.NaN, 1e-6).passed());
  }
}
