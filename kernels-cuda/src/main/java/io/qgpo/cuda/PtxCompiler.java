package io.qgpo.cuda;

import io.qgpo.tensor.kernel.KernelException;
import io.qgpo.tensor.kernel.KernelOp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel of a user's as PTX: by NVRTC, else by nvcc, else as it was given. PTX is marked with the
 * version 7.4, as that of the kernels that are shipped, so that a driver of CUDA 11.4 takes it;
 * what needs a newer one is given as PTX.
 */
final class PtxCompiler {
  private static final String NVCC = "nvcc";

  private static final String NO_COMPILER =
      "no compiler for CUDA C++: neither libnvrtc nor nvcc is found; install libnvrtc (pip install"
          + " nvidia-cuda-nvrtc), put its folder into LD_LIBRARY_PATH, put nvcc on the PATH, or"
          + " give the kernel as .ptx";

  /** Of a parameter, what tells a pointer from a number. */
  private static final Pattern PARAMETER =
      Pattern.compile("\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.(\\w+)");

  /**
   * What came out.
   *
   * @param ptx the kernel
   * @param compiler what made it
   */
  record Compiled(String ptx, String compiler) {}

  private PtxCompiler() {}

  /**
   * Compiles.
   *
   * @throws KernelException if there is no compiler, or it ends with an error, with its message; or
   *     the kernel has other parameters than the operation gives it
   */
  static Compiled compile(KernelSource source) {
    Compiled compiled = source.isPtx() ? new Compiled(source.text(), "PTX") : compileCpp(source);
    requireParameters(source, compiled.ptx());
    return compiled;
  }

  /** Whether there is a compiler for CUDA C++. */
  static boolean isThere() {
    try {
      return Nvrtc.find().isPresent() || PtxBuild.compiler() != null;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Compiled compileCpp(KernelSource source) {
    return Nvrtc.find().isPresent()
        ? new Compiled(PtxBuild.marked(Nvrtc.compile(source)), Nvrtc.find().get())
        : byNvcc(source);
  }

  /** With the compiler that the shipped kernels are built with. */
  static Compiled byNvcc(KernelSource source) {
    try {
      Path folder = Files.createTempDirectory("qgpo-kernel");
      try {
        KernelHeaders.writeShipped(folder);
        Path ptx = folder.resolve("kernel.ptx");
        List<String> command = new ArrayList<>(List.of(NVCC));
        command.addAll(PtxBuild.OPTIONS);
        command.addAll(List.of("-I" + folder, "-o", ptx.toString(), source.file().toString()));
        CompilerReport.run(command, NO_COMPILER);
        return new Compiled(PtxBuild.marked(Files.readString(ptx)), NVCC);
      } finally {
        TemporaryFolder.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("compiling " + source.file(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KernelException("compiling " + source.name() + " was interrupted", e);
    }
  }

  /** A kernel that takes other parameters would read its arguments wrongly. */
  private static void requireParameters(KernelSource source, String ptx) {
    KernelOp op = source.op();
    Matcher entry = Pattern.compile("\\.entry\\s+" + op.id() + "\\s*\\(([^)]*)\\)").matcher(ptx);
    if (!entry.find()) {
      throw new KernelException(
          "%s: expected a kernel declared as '%s', found none of that name"
              .formatted(source.name(), op.signature()));
    }
    List<String> found = new ArrayList<>();
    Matcher parameter = PARAMETER.matcher(entry.group(1));
    while (parameter.find()) {
      found.add(parameter.group(1).endsWith("64") ? "pointer" : "int");
    }
    List<String> expected =
        op.parameters().stream().map(p -> p.contains("*") ? "pointer" : "int").toList();
    if (!found.equals(expected)) {
      throw new KernelException(
          "%s: expected the declaration '%s', found one with the parameters (%s)"
              .formatted(source.name(), op.signature(), String.join(", ", found)));
    }
  }
}
