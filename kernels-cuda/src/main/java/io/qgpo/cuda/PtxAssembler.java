package io.qgpo.cuda;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetInfoLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetInfoLogSize;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** NVIDIA's assembler as a library, which needs neither a GPU nor a toolkit. */
final class PtxAssembler {
  /**
   * What a thread of a kernel needs.
   *
   * @param spilledBytes stored to local memory for want of registers
   * @param sharedBytes of a block's shared memory that is declared in the kernel
   */
  record Resources(int registers, int spilledBytes, int sharedBytes) {}

  private static final Pattern REPORT =
      Pattern.compile(
          "entry function '(\\w+)'.*?(\\d+) bytes spill stores.*?Used (\\d+) registers"
              + "(?:[^\\n]*?(\\d+) bytes smem)?",
          Pattern.DOTALL);

  private PtxAssembler() {}

  /**
   * Assembles PTX.
   *
   * @param architecture as in {@code sm_90}
   * @return what each kernel needs, by name
   * @throws IllegalArgumentException if it is not valid, with the assembler's report
   */
  static SortedMap<String, Resources> assemble(String ptx, String architecture) {
    NativeLibraries.initialise("jcuda.nvptxcompiler.JNvPTXCompiler", folder -> {});
    JNvPTXCompiler.setExceptionsEnabled(false);
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    byte[] text = (ptx + "\0").getBytes(StandardCharsets.US_ASCII);
    int created = nvPTXCompilerCreate(compiler, text.length - 1, text);
    if (created != 0) {
      throw new IllegalArgumentException("nvPTXCompilerCreate failed: " + created);
    }
    try {
      String[] options = {"--gpu-name=" + architecture, "--verbose"};
      int result = nvPTXCompilerCompile(compiler, options.length, options);
      if (result != 0) {
        throw new IllegalArgumentException("the PTX is not valid: " + errors(compiler));
      }
      SortedMap<String, Resources> kernels = new TreeMap<>();
      Matcher matcher = REPORT.matcher(report(compiler));
      while (matcher.find()) {
        kernels.put(
            matcher.group(1),
            new Resources(
                Integer.parseInt(matcher.group(3)),
                Integer.parseInt(matcher.group(2)),
                matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4))));
      }
      return kernels;
    } finally {
      nvPTXCompilerDestroy(compiler);
    }
  }

  private static String errors(nvPTXCompilerHandle compiler) {
    long[] size = new long[1];
    nvPTXCompilerGetErrorLogSize(compiler, size);
    byte[] log = new byte[(int) size[0] + 1];
    nvPTXCompilerGetErrorLog(compiler, log);
    return new String(log, StandardCharsets.US_ASCII).replace("\0", "").strip();
  }

  private static String report(nvPTXCompilerHandle compiler) {
    long[] size = new long[1];
    nvPTXCompilerGetInfoLogSize(compiler, size);
    byte[] log = new byte[(int) size[0] + 1];
    nvPTXCompilerGetInfoLog(compiler, log);
    return new String(log, StandardCharsets.US_ASCII);
  }
}
