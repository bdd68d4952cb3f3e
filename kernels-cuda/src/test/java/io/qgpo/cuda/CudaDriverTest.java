package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.ProductKernels.Epilogue;
import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DeviceMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory, recording, errors: the driver's binding, on the emulator. */
class CudaDriverTest {
  private CudaDriver driver;

  @BeforeEach
  void open() {
    Emulator.install();
    driver = CudaDriver.open();
  }

  @AfterEach
  void close() {
    if (driver != null) {
      driver.close();
    }
  }

  @Test
  void saysWhatItOpened() {
    assertNull(CudaDriver.unavailableReason());
    assertTrue(driver.description().contains(", compute capability "), driver.description());
  }

  @Test
  void theDriversVersionIsTheSystems(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("version");
    assertEquals("", DeviceFacts.release(file));
    String line =
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build";
    Files.writeString(file, line + "\nGCC version:  gcc version 12.2.0\n");
    assertEquals("580.159.04 ", DeviceFacts.release(file));
    Files.writeString(file, "something else 1.2 \n");
    assertEquals("", DeviceFacts.release(file));
  }

  @Test
  void memoryHoldsWhatIsWrittenAndAPartBeginsWhereItSays() {
    DeviceMemory memory = driver.allocate(new float[] {1, 2, 3, 4});
    assertArrayEquals(new float[] {3, 4}, memory.from(2).read(2));
    DeviceMemory copy = driver.allocate(4);
    driver.copy(memory, copy, 4);
    assertArrayEquals(new float[] {1, 2, 3, 4}, copy.read(4));
    copy.from(3).fill(7);
    assertArrayEquals(new float[] {1, 2, 3, 7}, copy.read(4));
  }

  @Test
  void memoryIsNotUsedBeyondItsEnd() {
    DeviceMemory memory = driver.allocate(2);
    assertThrows(IllegalArgumentException.class, () -> memory.write(new float[3]));
    assertThrows(IllegalArgumentException.class, () -> memory.read(3));
    assertThrows(IllegalArgumentException.class, () -> memory.from(3));
    assertThrows(IllegalArgumentException.class, () -> new DeviceMatrix(memory, 2, 2));
  }

  @Test
  void onlyWhatWasAllocatedIsFreedAndOnce() {
    DeviceMemory memory = driver.allocate(4);
    assertEquals(16, driver.heldBytes());
    assertThrows(IllegalArgumentException.class, () -> driver.free(memory.from(1)));
    driver.free(memory);
    assertEquals(0, driver.heldBytes());
    assertThrows(IllegalArgumentException.class, () -> driver.free(memory));
  }

  @Test
  void outOfMemorySaysAskedFreeAndHeld() {
    driver.allocate(256);
    DeviceMemoryException failure =
        assertThrows(DeviceMemoryException.class, () -> driver.allocate(1L << 40));
    assertTrue(
        failure.getMessage().contains("asked for 4398046511104 bytes"), failure.getMessage());
    assertTrue(failure.getMessage().contains("held 1024"), failure.getMessage());
  }

  @Test
  void aRecordedGraphComputesWithWhatIsThereWhenItIsReplayed() {
    KernelLibrary library = new KernelLibrary(driver);
    library.load("few_rows");
    ProductKernels kernels = new ProductKernels(library);
    DeviceMemory x = driver.allocate(new float[] {-1});
    DeviceMatrix one = new DeviceMatrix(x, 1, 1);
    DeviceMemory weight = driver.allocate(new float[] {3});
    DeviceMemory y = driver.allocate(1);
    DeviceMatrix out = new DeviceMatrix(y, 1, 1);
    Epilogue relu = new Epilogue(null, Activation.RELU, null, null);
    Runnable body =
        () ->
            kernels.gemm(
                Precision.FP32, false, true, one, new DeviceMatrix(weight, 1, 1), out, relu, null);
    y.fill(5);
    try (CudaGraph graph = driver.record(body)) {
      assertEquals(1, graph.nodes());
      assertArrayEquals(new float[] {5}, y.read(1), "recording does not compute");
      graph.replay();
      assertArrayEquals(new float[] {0}, y.read(1));
      x.write(new float[] {2});
      graph.replay();
      assertArrayEquals(new float[] {6}, y.read(1));
    }
  }

  @Test
  void waitingWhileRecordingFailsAndEndsTheRecording() {
    CudaException failure =
        assertThrows(CudaException.class, () -> driver.record(driver::synchronize));
    assertTrue(failure.getMessage().contains("while a graph is recorded"), failure.getMessage());
    driver.synchronize();
  }

  @Test
  void whatIsNoPtxIsNamed() {
    CudaException failure =
        assertThrows(CudaException.class, () -> driver.load("nonsense", "no PTX"));
    assertTrue(
        failure.getMessage().startsWith("cuModuleLoadData of nonsense failed: CUDA_ERROR_INVALID"),
        failure.getMessage());
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    ProductKernels kernels = new ProductKernels(new KernelLibrary(driver));
    DeviceMatrix a = new DeviceMatrix(driver.allocate(6), 2, 3);
    DeviceMatrix out = new DeviceMatrix(driver.allocate(4), 2, 2);
    IllegalArgumentException shape =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                kernels.gemm(
                    Precision.FP32, false, false, a, a, out, Epilogue.NONE, driver.allocate(64)));
    assertEquals("gemm: expected b 3 x 2, found 2 x 3", shape.getMessage());
    LinearGradKernel linearGrad = new LinearGradKernel(new KernelLibrary(driver));
    assertThrows(
        IllegalArgumentException.class,
        () -> linearGrad.compute(Activation.SILU, null, a, a, null, null));
  }

  @Test
  void withoutADriverThereIsOneSentence() {
    String before = System.getProperty(NativeLibraries.DRIVER_PROPERTY);
    System.setProperty(NativeLibraries.DRIVER_PROPERTY, "/nowhere/libcuda.so.1");
    try {
      String reason = CudaDriver.unavailableReason();
      assertTrue(reason.startsWith("no CUDA driver: /nowhere/libcuda.so.1"), reason);
      assertEquals(1, reason.lines().count());
      assertThrows(IllegalStateException.class, CudaDriver::open);
    } finally {
      if (before == null) {
        System.clearProperty(NativeLibraries.DRIVER_PROPERTY);
      } else {
        System.setProperty(NativeLibraries.DRIVER_PROPERTY, before);
      }
    }
  }

  @Test
  void closingTwiceIsNoError() {
    driver.load("empty", ".version 7.4\n.target sm_80\n.address_size 64\n");
    driver.close();
  }
}
