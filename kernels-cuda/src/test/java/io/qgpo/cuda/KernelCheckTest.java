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
      assertEquals(251, ascending.size());
      for (int order = 1; order <= 2; order++) {
        emulator.schedule(order);
        assertEquals(ascending, KernelCheck.run(driver, false));
      }
      assertEquals(0, driver.heldBytes());
    }
  }

  @Test
  void nanIsNeverNearEnough() {
    assertTrue(new Outcome("k", "w", 1e-7, 1e-6).passed());
    assertTrue(!new Outcome("k", "w", Double.NaN, 1e-6).passed());
  }
}
