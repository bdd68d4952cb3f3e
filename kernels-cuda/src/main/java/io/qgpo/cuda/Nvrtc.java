package io.qgpo.cuda;

import static jcuda.nvrtc.JNvrtc.nvrtcCompileProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcCreateProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcDestroyProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcGetPTX;
import static jcuda.nvrtc.JNvrtc.nvrtcGetProgramLog;

import io.qgpo.tensor.kernel.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;

/**
 * CUDA's compiler as a library, where it is installed. JNvrtc asks for that of CUDA 12; where there
 * is only CUDA 13's, a patched copy of JNvrtc is loaded ({@link ElfSoname}).
 */
final class Nvrtc {
  private static final String LIBRARY = "JNvrtc";
  private static final String LINKED = "libnvrtc.so.12";
  private static final String NEWER = "libnvrtc.so.13";

  private static final String NOTHING = "#pragma once\n";

  /**
   * It has no headers of the C++ library; the kernels' own want these types, users' these names.
   */
  private static final Map<String, String> STANDARD =
      Map.of(
          "cstdint",
          """
          #pragma once
          typedef signed char int8_t;
          typedef short int16_t;
          typedef int int32_t;
          typedef long long int64_t;
          typedef unsigned char uint8_t;
          typedef unsigned short uint16_t;
          typedef unsigned int uint32_t;
          typedef unsigned long long uint64_t;
          """,
          "cuda_runtime.h",
          NOTHING,
          "cmath",
          NOTHING,
          "math.h",
          NOTHING);

  /** What C's math.h defines and nvcc has always read. */
  private static final List<String> DEFINITIONS =
      List.of("-DINFINITY=__int_as_float(0x7f800000)", "-DNAN=__int_as_float(0x7fffffff)");

  private static Optional<String> library;

  private Nvrtc() {}

  /** The library that compiles; empty if there is none. */
  static synchronized Optional<String> find() {
    if (library == null) {
      library = load();
    }
    return library;
  }

  private static Optional<String> load() {
    ToolkitLibraries.Loaded loaded;
    try {
      loaded = ToolkitLibraries.load("jcuda.nvrtc.JNvrtc", LIBRARY, LINKED, NEWER);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // of another kind than the binding expects: nvcc is asked
    }
    if (loaded == null) {
      return Optional.empty();
    }
    JNvrtc.setExceptionsEnabled(false);
    return Optional.of(loaded.name());
  }

  /**
   * Compiles to PTX.
   *
   * @throws KernelException with the compiler's message
   */
  static String compile(KernelSource source) {
    Map<String, String> headers = new TreeMap<>(STANDARD);
    headers.putAll(KernelHeaders.texts());
    nvrtcProgram program = new nvrtcProgram();
    int created =
        nvrtcCreateProgram(
            program,
            source.text(),
            source.name(),
            headers.size(),
            headers.values().toArray(String[]::new),
            headers.keySet().toArray(String[]::new));
    if (created != 0) {
      throw new KernelException("nvrtcCreateProgram failed: " + created);
    }
    try {
      List<String> options = new ArrayList<>(DEFINITIONS);
      options.addAll(
          List.of(
              "--gpu-architecture=compute_80", "--std=c++17", "-I" + source.file().getParent()));
      if (nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new)) != 0) {
        String[] log = new String[1];
        nvrtcGetProgramLog(program, log);
        throw new KernelException(CompilerReport.sentence("NVRTC", log[0]));
      }
      String[] ptx = new String[1];
      nvrtcGetPTX(program, ptx);
      return ptx[0];
    } finally {
      nvrtcDestroyProgram(program);
    }
  }
}
