package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.KernelBench.Layer;
import io.qgpo.cuda.KernelBench.Product;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The timings run to their end, free what they take, and print a line each. */
class KernelBenchTest {
  @Test
  void runsOnTheEmulator() {
    Emulator.install();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CudaDriver driver = CudaDriver.open()) {
      KernelBench bench = new KernelBench(driver, 1, new PrintStream(bytes));
      bench.latencies();
      bench.bandwidth(1000);
      bench.streams(70, 40, 1000);
      bench.products(List.of(new Product(true, false, 20, 30, 300)), null);
      bench.backward(List.of(new Layer(801, 5, 6, true), new Layer(70, 5, 6, false)));
      assertEquals(0, driver.heldBytes());
    }
    String text = bytes.toString();
    assertTrue(text.contains("| TN 20 x 30 x 300 | TF32 |"), text);
    assertTrue(text.contains("| 801 rows, 5 to 6 with bias | TF32 |"), text);
    assertFalse(text.contains("Infinity"), text);
  }
}
