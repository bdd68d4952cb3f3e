package io.qgpo.cuda;

import static jcuda.driver.JCudaDriver.cuFuncSetAttribute;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;

/** A kernel that can be launched. */
public final class CudaKernel {
  /** Dynamic shared memory beyond this must be asked for (CUDA C++ Programming Guide). */
  private static final int UNASKED_SHARED_BYTES = 48 * 1024;

  private final CudaDriver driver;
  private final String name;
  private final CUfunction function;
  private int sharedBytesAllowed = UNASKED_SHARED_BYTES;

  CudaKernel(CudaDriver driver, String name, CUfunction function) {
    this.driver = driver;
    this.name = name;
    this.function = function;
  }

  /** Blocks in the grid. */
  public record Grid(int x, int y, int z) {}

  /** The values of a kernel's parameters, in order. */
  public static final class Arguments {
    private final List<NativePointerObject> values = new ArrayList<>();

    /** A pointer; null is a null pointer. */
    public Arguments memory(DeviceMemory memory) {
      values.add(Pointer.to(new long[] {memory == null ? 0 : memory.address().value()}));
      return this;
    }

    /** An int. */
    public Arguments integer(int value) {
      values.add(Pointer.to(new int[] {value}));
      return this;
    }

    /** A float. */
    public Arguments real(double value) {
      values.add(Pointer.to(new float[] {(float) value}));
      return this;
    }

    /** A double. */
    public Arguments doublePrecision(double value) {
      values.add(Pointer.to(new double[] {value}));
      return this;
    }

    /** A structure, laid out as the kernel's compiler does. */
    public Arguments structure(ByteBuffer bytes) {
      values.add(Pointer.to(bytes.array()));
      return this;
    }
  }

  /**
   * Starts the kernel on the stream.
   *
   * @param threads in a block
   * @param sharedBytes of dynamic shared memory
   */
  public void launch(Grid grid, int threads, int sharedBytes, Arguments arguments) {
    driver.enter();
    if (sharedBytes > sharedBytesAllowed) {
      CudaDriver.check(
          "cuFuncSetAttribute of " + name,
          cuFuncSetAttribute(
              function,
              CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
              sharedBytes));
      sharedBytesAllowed = sharedBytes;
    }
    Pointer parameters = Pointer.to(arguments.values.toArray(NativePointerObject[]::new));
    CudaDriver.check(
        "cuLaunchKernel of " + name,
        cuLaunchKernel(
            function,
            grid.x(),
            grid.y(),
            grid.z(),
            threads,
            1,
            1,
            sharedBytes,
            driver.stream(),
            parameters,
            null));
  }
}
