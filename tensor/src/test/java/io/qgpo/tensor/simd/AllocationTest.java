package io.qgpo.tensor.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.contract.Bench;
import io.qgpo.tensor.contract.Primitive;
import io.qgpo.tensor.contract.Primitives;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A training step of some 150 calls may allocate 64 KB, tensor handles included, over all threads;
 * so a call may allocate a few small objects and no array.
 */
@Tag("allocation")
class AllocationTest {
  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Per call; an array of the tensors here would be 9 KB at least. */
  private static final long MOST = 1024;

  private static final long MEAN = 300;

  private static final int CALLS = 200;

  /** Vectors are objects until the compiler, in threads of its own, has come round to them. */
  private static final int ATTEMPTS = 1000;

  private static final int PAUSE_MILLIS = 10;

  @Test
  void primitivesAllocateNoArray() throws Exception {
    SimdBackend backend = new SimdBackend(2);
    List<Primitive> primitives = primitives();
    long sum = 0;
    for (int i = 0; i < primitives.size(); i++) {
      long bytes = leastBytes(backend, primitives.get(i));
      if (bytes > MOST) {
        assertTrue(
            isFreeInAnotherProcess(i), primitives.get(i) + " allocates " + bytes + " bytes a call");
        bytes = MEAN;
      }
      sum += bytes;
    }
    long mean = sum / primitives.size();
    assertTrue(mean <= MEAN, "primitives allocate " + mean + " bytes a call on average");
  }

  /** Without those that are made of others on views of their tensors: a view is an object. */
  private static List<Primitive> primitives() {
    return Primitives.all(72, 32).stream()
        .filter(primitive -> !primitive.toString().startsWith("grouped"))
        .toList();
  }

  /**
   * What the compiler makes of a kernel depends on what it has seen before it: in one of some ten
   * processes one keeps its vectors as objects for good. One that does so always is a mistake.
   */
  private static boolean isFreeInAnotherProcess(int number) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    String classes = System.getProperty("java.class.path");
    command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", classes)));
    command.addAll(List.of(AllocationTest.class.getName(), Integer.toString(number)));
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  /**
   * Ends with 0 if the primitive of this number allocates no array when those before it have been
   * called, as in the test.
   */
  public static void main(String[] arguments) throws InterruptedException {
    SimdBackend backend = new SimdBackend(2);
    List<Primitive> primitives = primitives();
    long bytes = 0;
    for (int i = 0; i <= Integer.parseInt(arguments[0]); i++) {
      bytes = leastBytes(backend, primitives.get(i));
    }
    System.exit(bytes <= MOST ? 0 : 1);
  }

  private static long leastBytes(SimdBackend backend, Primitive primitive)
      throws InterruptedException {
    Bench bench = new Bench(backend, DType.FLOAT32, primitive, Bench.Layout.CONTIGUOUS, false);
    long bytes = Long.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS && bytes > MEAN; attempt++) {
      if (attempt > 10) {
        Thread.sleep(PAUSE_MILLIS);
      }
      bytes = Math.min(bytes, bytesPerCall(bench));
    }
    return bytes;
  }

  private static long bytesPerCall(Bench bench) {
    long before = MEMORY.getTotalThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      bench.run();
    }
    return (MEMORY.getTotalThreadAllocatedBytes() - before) / CALLS;
  }
}
