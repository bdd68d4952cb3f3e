package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The emulator finds planted faults; what passes on it was looked at. */
class EmulatorTest {
  private static final int THREADS = 64;

  private Emulator emulator;
  private CudaDriver driver;
  private int before;
  private DeviceMemory x;

  @BeforeEach
  void open() {
    emulator = Emulator.install();
    emulator.schedule(0); // skips all of it on a GPU
    before = emulator.handles();
    driver = CudaDriver.open();
    float[] values = new float[THREADS];
    for (int i = 0; i < THREADS; i++) {
      values[i] = i + 1;
    }
    x = driver.allocate(values);
  }

  @AfterEach
  void close() {
    if (driver != null) {
      driver.close();
    }
  }

  private void launch(String kernel, Arguments arguments) {
    Emulator.faulty(driver, kernel)
        .launch(new Grid(1, 1, 1), THREADS, THREADS * Float.BYTES, arguments);
  }

  private CudaException failure(String kernel, Arguments arguments) {
    return assertThrows(CudaException.class, () -> launch(kernel, arguments));
  }

  private Arguments pointer() {
    return new Arguments().memory(x);
  }

  @Test
  void aMissingBarrierGivesOtherResultsInOtherOrders() {
    float[] before = x.read(THREADS);
    launch("missing_barrier", pointer());
    float[] ascending = x.read(THREADS);
    x.write(before);
    emulator.schedule(1);
    launch("missing_barrier", pointer());
    assertFalse(Arrays.equals(ascending, x.read(THREADS)));
  }

  @ParameterizedTest
  @CsvSource({
    "divergent_barrier, not all threads reach the barrier at ",
    "two_barriers, threads of a block wait at two barriers"
  })
  void aBarrierThatNotAllReachFails(String kernel, String told) {
    CudaException failure = failure(kernel, pointer());
    assertEquals(719, failure.code());
    assertTrue(emulator.message().contains(kernel + ": " + told), emulator.message());
  }

  @Test
  void aWriteOutsideMemoryFails() {
    CudaException failure = failure("out_of_bounds", pointer().integer(THREADS));
    assertTrue(failure.getMessage().contains("compute-sanitizer"), failure.getMessage());
    assertTrue(emulator.message().contains("out_of_bounds"), emulator.message());
  }

  @Test
  void aWriteBehindSharedMemoryFails() {
    assertEquals(719, failure("shared_overrun", pointer().integer(1)).code());
    assertTrue(emulator.message().contains("an index outside an array"), emulator.message());
  }

  /** What nobody gives back is counted, and the driver's end leaves nothing. */
  @Test
  void leaksAreCounted() {
    int allocations = emulator.allocations();
    driver.allocate(1);
    assertEquals(allocations + 1, emulator.allocations());
    int handles = emulator.handles();
    driver.load("stale", ".version 7.4\n.entry unwritten( )\n");
    assertEquals(handles + 1, emulator.handles());
    CudaKernel kernel = Emulator.faulty(driver, "unwritten");
    Runnable body = () -> kernel.launch(new Grid(1, 1, 1), THREADS, 0, pointer());
    assertEquals(1, driver.record(body).nodes());
    int withGraph = emulator.handles();
    assertTrue(withGraph > handles + 1, "graph: " + withGraph);
    driver.close();
    assertEquals(before, emulator.handles());
  }

  @Test
  void sharedMemoryThatNobodyWroteIsNaN() {
    launch("unwritten", pointer());
    float[] expected = new float[THREADS];
    Arrays.fill(expected, Float.NaN);
    assertArrayEquals(expected, x.read(THREADS));
  }

  @Test
  void aCopyThatNobodyWaitedForIsNotThere() {
    launch("missing_wait", pointer());
    assertTrue(Float.isNaN(x.read(1)[0]));
  }

  @Test
  void aVectorAtAnOddAddressFails() {
    failure("misaligned", pointer());
    assertTrue(emulator.message().contains("not aligned"), emulator.message());
  }

  @Test
  void aKernelThatIsNotInTheModuleIsNotFound() {
    CudaException failure =
        assertThrows(CudaException.class, () -> Emulator.faulty(driver, "absent"));
    assertTrue(failure.getMessage().contains("absent in faulty"), failure.getMessage());
  }

  @Test
  void ptxWithOtherParametersThanTheSourceIsNotTaken() {
    CudaModule stale = driver.load("stale", ".version 7.4\n.entry unwritten( )\n");
    assertThrows(CudaException.class, () -> stale.kernel("unwritten"));
  }
}
