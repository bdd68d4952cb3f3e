package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.KernelCheck.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All kernels against the oracle, on the emulator, with the threads in several orders. */
class KernelCheckTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void allKernelsAgreeWithTheOracle(int order) {
    Emulator emulator = Emulator.install();
    try (CudaDriver driver = CudaDriver.open()) {
      emulator.schedule(order);
      List<Outcome> outcomes = KernelCheck.run(driver, false);
      List<Outcome> wrong = outcomes.stream().filter(o -> !o.passed()).toList();
      assertEquals(List.of(), wrong);
      assertTrue(outcomes.size() > 100, "too few comparisons: " + outcomes.size());
      assertEquals(0, driver.heldBytes());
    }
  }

  @Test
  void theOrderOfThreadsChangesNoBit() {
    Emulator emulator = Emulator.install();
    try (CudaDriver driver = CudaDriver.open()) {
      List<Outcome> ascending = KernelCheck.run(driver, false);
      emulator.schedule(1);
      assertEquals(ascending, KernelCheck.run(driver, false));
    }
  }

  @Test
  void nanIsNeverNearEnough() {
    assertTrue(new Outcome("k", "w", 1e-7, 1e-6).passed());
    assertTrue(!new Outcome("k", "w", Double.NaN, 1e-6).passed());
  }
}
