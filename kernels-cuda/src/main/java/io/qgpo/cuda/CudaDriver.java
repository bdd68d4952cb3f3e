package io.qgpo.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuGetErrorName;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import io.qgpo.tensor.DeviceMemoryException;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * The first GPU: its primary context, its memory, and one stream on which all work is done in
 * order. One thread at a time may use it.
 */
public final class CudaDriver implements AutoCloseable {
  private static final int OUT_OF_MEMORY = 2;

  private static final String DRIVER_CLASS = "jcuda.driver.JCudaDriver";

  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final CUevent start = new CUevent();
  private final CUevent end = new CUevent();
  private final Map<Long, DeviceMemory> held = new HashMap<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final String description;
  private final Staging staging;
  private Thread user;
  private boolean recording;
  private boolean closed;

  private CudaDriver() {
    check("cuDeviceGet", cuDeviceGet(device, 0));
    check("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context, device));
    enter();
    check("cuStreamCreate", cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    check("cuEventCreate", cuEventCreate(start, 0));
    check("cuEventCreate", cuEventCreate(end, 0));
    description = DeviceFacts.describe(device);
    staging = new Staging(this);
  }

  /** Before any call: the context must be current in the thread that makes it. */
  void enter() {
    if (closed) {
      throw new IllegalStateException("the CUDA driver is closed; open it anew");
    }
    Thread thread = Thread.currentThread();
    if (thread != user) {
      check("cuCtxSetCurrent", cuCtxSetCurrent(context));
      user = thread;
    }
  }

  /** Why no GPU can be used here and what would help, in one sentence; null if one can. */
  public static String unavailableReason() {
    try {
      NativeLibraries.driver();
      NativeLibraries.initialise(DRIVER_CLASS, folder -> {});
      int result = cuInit(0);
      if (result != 0) {
        String hint = CudaException.hint(result);
        return new CudaException("cuInit", result, errorName(result), hint).getMessage();
      }
      int[] count = new int[1];
      check("cuDeviceGetCount", cuDeviceGetCount(count));
      return count[0] > 0 ? DeviceFacts.tooOld() : "the CUDA driver finds no GPU";
    } catch (IllegalArgumentException | CudaException | UncheckedIOException e) {
      return e.getMessage();
    }
  }

  /**
   * Opens the first GPU.
   *
   * @throws IllegalStateException if there is none, with {@link #unavailableReason()}
   */
  public static CudaDriver open() {
    String reason = unavailableReason();
    if (reason != null) {
      throw new IllegalStateException(reason);
    }
    JCudaDriver.setExceptionsEnabled(false);
    return new CudaDriver();
  }

  /** A {@link CUdevice_attribute} of the device. */
  int attribute(int which) {
    return DeviceFacts.attribute(device, which);
  }

  /** Bytes of the device that nobody holds. */
  long freeBytes() {
    enter();
    return DeviceFacts.memory()[0];
  }

  /** One line for logs: device, compute capability, multiprocessors, memory, driver. */
  public String description() {
    return description;
  }

  // ---- Memory --------------------------------------------------------------------------------

  /**
   * Memory for float32 elements, on 256 bytes, with anything in it.
   *
   * @throws DeviceMemoryException if there is not as much: bytes asked, free, and held through this
   *     object
   */
  public DeviceMemory allocate(long elements) {
    enter();
    long bytes = Math.multiplyExact(elements, Float.BYTES);
    Address pointer = new Address();
    int result = cuMemAlloc(pointer, bytes);
    if (result == OUT_OF_MEMORY) {
      throw new DeviceMemoryException("cuMemAlloc", bytes, DeviceFacts.memory()[0], heldBytes());
    }
    check("cuMemAlloc", result);
    DeviceMemory memory = new DeviceMemory(this, pointer, elements);
    held.put(pointer.value(), memory);
    return memory;
  }

  /** Memory with these elements. */
  public DeviceMemory allocate(float[] values) {
    DeviceMemory memory = allocate(values.length);
    memory.write(values);
    return memory;
  }

  /**
   * Gives back what {@link #allocate(long)} returned.
   *
   * @throws IllegalArgumentException if it is only a part, or was freed before
   */
  public void free(DeviceMemory memory) {
    enter();
    if (held.remove(memory.address().value()) == null) {
      throw new IllegalArgumentException(
          "free: expected memory as it was allocated and not yet freed, found address "
              + Long.toHexString(memory.address().value()));
    }
    check("cuMemFree", cuMemFree(memory.address()));
  }

  /** Bytes allocated and not freed. */
  public long heldBytes() {
    return held.values().stream().mapToLong(DeviceMemory::size).sum() * Float.BYTES;
  }

  /**
   * Copies from the host.
   *
   * @param host the array's elements, from the first to be copied on
   * @param count elements of 4 bytes
   */
  void write(DeviceMemory to, Buffer host, int count) {
    checkSize("write", count, to);
    enter();
    if (recording) {
      throw new IllegalStateException(
          "write: elements are written from the host while a graph is recorded, which would write"
              + " them again each time; write before the step");
    }
    if (staging.takes(count)) {
      staging.write(to, host, count);
    } else {
      synchronize();
      check(
          "cuMemcpyHtoD",
          cuMemcpyHtoD(to.address(), Pointer.toBuffer(host), (long) count * Float.BYTES));
    }
  }

  /** From pinned memory, which must stay as it is until the copy is done. */
  void writeLater(DeviceMemory to, Pointer pinned, long bytes) {
    check("cuMemcpyHtoDAsync", cuMemcpyHtoDAsync(to.address(), pinned, bytes, stream));
  }

  /** Copies to the host, after all that was launched before; as {@link #write}. */
  void read(DeviceMemory from, Buffer host, int count) {
    checkSize("read", count, from);
    synchronize();
    check(
        "cuMemcpyDtoH",
        cuMemcpyDtoH(Pointer.toBuffer(host), from.address(), (long) count * Float.BYTES));
  }

  void fill(DeviceMemory memory, int bits) {
    enter();
    check("cuMemsetD32Async", cuMemsetD32Async(memory.address(), bits, memory.size(), stream));
  }

  /** Copies the first elements of one memory to another, on the stream. */
  public void copy(DeviceMemory from, DeviceMemory to, long count) {
    checkSize("copy", count, from);
    checkSize("copy", count, to);
    enter();
    check(
        "cuMemcpyDtoDAsync",
        cuMemcpyDtoDAsync(to.address(), from.address(), count * Float.BYTES, stream));
  }

  private static void checkSize(String op, long count, DeviceMemory memory) {
    if (count > memory.size()) {
      throw new IllegalArgumentException(
          op
              + ": expected device memory of at least "
              + count
              + " elements, found "
              + memory.size());
    }
  }

  // ---- Work ----------------------------------------------------------------------------------

  /**
   * Kernels from PTX, which the driver compiles for its device.
   *
   * @param name for errors
   */
  public CudaModule load(String name, String ptx) {
    enter();
    CudaModule module = new CudaModule(this, name, ptx);
    open.push(module);
    return module;
  }

  /**
   * Records what is launched inside, without running it, so that it can be replayed at once.
   *
   * @param body launches, copies on the device and fills; anything else fails
   */
  public CudaGraph record(Runnable body) {
    enter();
    check(
        "cuStreamBeginCapture",
        cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    recording = true;
    CUgraph recorded = new CUgraph();
    int ended;
    try {
      body.run();
    } finally {
      recording = false;
      // Of a body that throws, its own exception tells more.
      ended = cuStreamEndCapture(stream, recorded);
    }
    check("cuStreamEndCapture", ended);
    CUgraphExec executable = new CUgraphExec();
    check("cuGraphInstantiate", cuGraphInstantiate(executable, recorded, 0));
    CudaGraph graph = new CudaGraph(this, recorded, executable);
    open.push(graph);
    return graph;
  }

  boolean isOpen() {
    return !closed;
  }

  /** Whether a graph is being recorded. */
  boolean isRecording() {
    return recording;
  }

  /** Milliseconds between two events on the stream around what is launched inside. */
  public float milliseconds(Runnable body) {
    enter();
    check("cuEventRecord", cuEventRecord(start, stream));
    body.run();
    check("cuEventRecord", cuEventRecord(end, stream));
    check("cuEventSynchronize", cuEventSynchronize(end));
    float[] milliseconds = new float[1];
    check("cuEventElapsedTime", cuEventElapsedTime(milliseconds, start, end));
    return milliseconds[0];
  }

  /**
   * Waits until all is done.
   *
   * @throws CudaException if a kernel failed since the last time
   */
  public void synchronize() {
    enter();
    check("cuStreamSynchronize", cuStreamSynchronize(stream));
  }

  CUstream stream() {
    return stream;
  }

  /** Closes what came from here before the driver is. */
  void forget(AutoCloseable closed) {
    open.remove(closed);
  }

  /** Frees everything that came from here. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    enter();
    closed = true;
    // After a failed kernel every call fails, and the context's end frees all: results are ignored.
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        continue;
      }
    }
    held.values().forEach(memory -> cuMemFree(memory.address()));
    held.clear();
    staging.free();
    JCudaDriver.cuEventDestroy(start);
    JCudaDriver.cuEventDestroy(end);
    cuStreamDestroy(stream);
    cuDevicePrimaryCtxRelease(device);
  }

  // ---- Errors --------------------------------------------------------------------------------

  static void check(String call, int result) {
    if (result != 0) {
      throw new CudaException(call, result, errorName(result), CudaException.hint(result));
    }
  }

  private static String errorName(int result) {
    String[] name = {null};
    cuGetErrorName(result, name);
    return name[0] == null ? "unknown error" : name[0];
  }

  /** A device pointer that tells its value, which JCuda keeps to itself. */
  static final class Address extends CUdeviceptr {
    Address() {}

    Address(Address base, long bytes) {
      super(base, bytes);
    }

    long value() {
      return getNativePointer() + getByteOffset();
    }
  }
}
