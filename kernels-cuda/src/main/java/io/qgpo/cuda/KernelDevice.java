package io.qgpo.cuda;

import io.qgpo.tensor.kernel.KernelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * What kernels of users' run on: the GPU, or the emulator, which is built when it is first needed
 * and is this process's driver from then on.
 */
final class KernelDevice {
  private static EmulatorBuild build;

  private KernelDevice() {}

  /**
   * Decides what this process computes on.
   *
   * @param emulated the emulator, even where there is a GPU
   * @throws KernelException if neither can be had, saying what would help
   */
  static void choose(boolean emulated) {
    boolean chosen = System.getProperty(NativeLibraries.DRIVER_PROPERTY) != null;
    if (emulated && !isEmulator() || !chosen && !NativeLibraries.hasDriver()) {
      try {
        System.setProperty(NativeLibraries.DRIVER_PROPERTY, build().library().toString());
      } catch (IOException e) {
        throw new UncheckedIOException("building the emulator", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KernelException("building the emulator was interrupted", e);
      }
    }
    String reason = CudaDriver.unavailableReason();
    if (reason != null) {
      throw new KernelException(reason + "; --emulator checks kernels without a GPU");
    }
  }

  /** Whether this process's driver is the emulator. */
  static boolean isEmulator() {
    if (System.getProperty(NativeLibraries.DRIVER_PROPERTY) == null) {
      return false;
    }
    return NativeLibraries.driver().find("emulator_schedule").isPresent();
  }

  /**
   * A kernel, compiled for what this process computes on.
   *
   * @return PTX, or what the emulator takes in its place
   * @throws KernelException if it cannot be compiled
   */
  static String module(KernelSource source) {
    if (!isEmulator()) {
      return PtxCompiler.compile(source).ptx();
    }
    if (source.isPtx()) {
      throw new KernelException(
          source.name()
              + ": expected a .cu, found PTX, which only a GPU runs: the emulator compiles the"
              + " source");
    }
    try {
      Path driver = Path.of(System.getProperty(NativeLibraries.DRIVER_PROPERTY));
      return build().module(source, driver);
    } catch (IOException e) {
      throw new UncheckedIOException("compiling " + source.file() + " for the emulator", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KernelException("compiling " + source.name() + " was interrupted", e);
    }
  }

  /** In a folder that is deleted when the process ends. */
  private static synchronized EmulatorBuild build() throws IOException {
    if (build == null) {
      Path folder = Files.createTempDirectory("qgpo-emulator");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "end of emulator"));
      build = new EmulatorBuild(folder, EmulatorBuild.COMPILER);
    }
    return build;
  }

  private static void delete(Path folder) {
    try {
      TemporaryFolder.delete(folder);
    } catch (IOException e) {
      // It lies where temporary files do, and is cleared with them.
    }
  }

  // ---- The emulator's own functions ----------------------------------------------------------

  /** The order of blocks and of their threads: 0 ascending, 1 descending, others shuffled. */
  static void schedule(int order) {
    call("emulator_schedule", order);
  }

  /** Forgets a failed launch. */
  static void reset() {
    call("emulator_reset");
  }

  /** What the last failed launch did wrong. */
  static String message() {
    int capacity = 1024;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(capacity);
      invoke(
          "emulator_message", List.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT), text, capacity);
      return text.getString(0);
    }
  }

  /** One of its functions that take ints. */
  static int call(String function, Object... ints) {
    return invoke(function, Collections.nCopies(ints.length, ValueLayout.JAVA_INT), ints);
  }

  @SuppressWarnings("restricted")
  private static int invoke(
      String function, List<? extends MemoryLayout> types, Object... arguments) {
    FunctionDescriptor type =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, types.toArray(MemoryLayout[]::new));
    SymbolLookup symbols = NativeLibraries.driver();
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(symbols.find(function).orElseThrow(), type)
              .invokeWithArguments(arguments);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
