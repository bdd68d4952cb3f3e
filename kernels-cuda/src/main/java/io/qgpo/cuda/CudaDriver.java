package io.qgpo.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuGetErrorName;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** The first with TF32 and cp.async; and the first driver that compiles PTX 7.4. */
  private static final int LEAST_CAPABILITY = 8;

  /** In the first line of the file in which Linux tells of the driver. */
  private static final Pattern RELEASE = Pattern.compile("NVRM version: .*?\\s(\\d+\\.[\\d.]+)\\s");

  private static final int LEAST_DRIVER = 11040;
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
    description = describe();
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
      return count[0] > 0 ? tooOld() : "the CUDA driver finds no GPU";
    } catch (IllegalArgumentException | CudaException | UncheckedIOException e) {
      return e.getMessage();
    }
  }

  /** What of the first GPU and its driver is too old, in one sentence; null if nothing is. */
  private static String tooOld() {
    CUdevice first = new CUdevice();
    check("cuDeviceGet", cuDeviceGet(first, 0));
    int capability =
        attribute(first, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    if (capability < LEAST_CAPABILITY) {
      return "the GPU is of compute capability %d, the kernels need %d or newer"
          .formatted(capability, LEAST_CAPABILITY);
    }
    int version = version();
    return version >= LEAST_DRIVER
        ? null
        : "the driver is for CUDA %s, the kernels need one for %s or newer"
            .formatted(versionText(version), versionText(LEAST_DRIVER));
  }

  private static int version() {
    int[] version = new int[1];
    check("cuDriverGetVersion", cuDriverGetVersion(version));
    return version[0];
  }

  private static String versionText(int version) {
    return version / 1000 + "." + version % 1000 / 10;
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

  private String describe() {
    byte[] name = new byte[256];
    check("cuDeviceGetName", cuDeviceGetName(name, name.length, device));
    return "%s, compute capability %d.%d, %d multiprocessors, %d MiB, driver %sfor CUDA %s"
        .formatted(
            new String(name, java.nio.charset.StandardCharsets.US_ASCII).replace("\0", ""),
            attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
            attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
            attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
            memory()[1] >> 20,
            release(Path.of("/proc/driver/nvidia/version")),
            versionText(version()));
  }

  /** The driver's own version and a space; empty where the system does not tell. */
  static String release(Path file) {
    try {
      Matcher version = RELEASE.matcher(Files.readString(file));
      return version.find() ? version.group(1) + " " : "";
    } catch (IOException e) {
      return "";
    }
  }

  /** A {@link CUdevice_attribute} of the device. */
  int attribute(int which) {
    return attribute(device, which);
  }

  private static int attribute(CUdevice device, int which) {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, which, device));
    return value[0];
  }

  /** Bytes of the device that nobody holds. */
  long freeBytes() {
    enter();
    return memory()[0];
  }

  /** Free and total bytes. */
  private static long[] memory() {
    long[] free = new long[1];
    long[] total = new long[1];
    check("cuMemGetInfo", cuMemGetInfo(free, total));
    return new long[] {free[0], total[0]};
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
      throw new DeviceMemoryException("cuMemAlloc", bytes, memory()[0], heldBytes());
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
