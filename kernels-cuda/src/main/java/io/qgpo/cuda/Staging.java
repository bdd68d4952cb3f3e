package io.qgpo.cuda;

import static jcuda.driver.JCudaDriver.cuMemAllocHost;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import jcuda.Pointer;

/**
 * Pinned memory of the host through which small writes go, so that neither waits for the other: a
 * learning rate is written before every step.
 */
final class Staging {
  /** Ten of the largest that QGPO writes for a step: 256 x 16 actions of 6 numbers, 98 KB. */
  private static final int BYTES = 1 << 20;

  private static final int MOST = 1 << 17;

  private final CudaDriver driver;
  private final Pointer pinned = new Pointer();
  private final ByteBuffer bytes;
  private int used;

  Staging(CudaDriver driver) {
    this.driver = driver;
    CudaDriver.check("cuMemAllocHost", cuMemAllocHost(pinned, BYTES));
    bytes = pinned.getByteBuffer(0, BYTES).order(ByteOrder.nativeOrder());
  }

  /** Whether so many elements are few enough. */
  boolean takes(int count) {
    return count <= MOST / Float.BYTES;
  }

  /** Takes the elements now; they are on the device before what is launched next. */
  void write(DeviceMemory to, Buffer host, int count) {
    int size = count * Float.BYTES;
    if (used + size > BYTES) {
      driver.synchronize();
      used = 0;
    }
    ByteBuffer part = bytes.slice(used, size).order(ByteOrder.nativeOrder());
    if (host instanceof FloatBuffer floats) {
      part.asFloatBuffer().put(0, floats, floats.position(), count);
    } else {
      IntBuffer ints = (IntBuffer) host;
      part.asIntBuffer().put(0, ints, ints.position(), count);
    }
    driver.writeLater(to, pinned.withByteOffset(used), size);
    used += size;
  }

  void free() {
    cuMemFreeHost(pinned);
  }
}
