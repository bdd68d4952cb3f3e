package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.cuda.PtxAssembler.Resources;
import io.qgpo.cuda.PtxCompiler.Compiled;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.kernel.CheckedOp;
import io.qgpo.tensor.kernel.DeviceWorkshop;
import io.qgpo.tensor.kernel.KernelException;
import io.qgpo.tensor.kernel.KernelOp;
import io.qgpo.tensor.kernel.OracleCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Kernels of users' in CUDA C++ or PTX. */
public final class CudaWorkshop implements DeviceWorkshop {
  /** What registers are counted for. */
  private static final List<String> ARCHITECTURES = List.of("sm_80", "sm_90");

  @Override
  public String backend() {
    return CudaBackend.NAME;
  }

  @Override
  public String launchSyntax() {
    return LaunchLine.SYNTAX;
  }

  @Override
  public boolean check(KernelOp op, Path file, boolean emulated, Consumer<String> out) {
    KernelSource source = KernelSource.read(op, file);
    KernelDevice.choose(emulated);
    try (CudaDriver driver = CudaDriver.open()) {
      out.accept(
          "%s as %s: %s; on %s"
              .formatted(
                  source.name(),
                  op.id(),
                  source.launch(),
                  KernelDevice.isEmulator() ? "the emulator" : driver.description()));
      UserKernel kernel = load(driver, source);
      double tolerance =
          source.launch().precision() == Precision.TF32
              ? OracleCheck.TF32_TOLERANCE
              : OracleCheck.FP32_TOLERANCE;
      return new OracleCheck(CheckedOp.of(op), new UserKernelRunner(driver, kernel), tolerance, out)
          .run(!KernelDevice.isEmulator());
    }
  }

  private static UserKernel load(CudaDriver driver, KernelSource source) {
    try {
      return new UserKernel(driver, source, KernelDevice.module(source));
    } catch (CudaException e) {
      throw new KernelException(source.name() + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean bench(KernelOp op, Path file, Consumer<String> out) {
    KernelSource source = KernelSource.read(op, file);
    boolean hasGpu = NativeLibraries.hasDriver() && !KernelDevice.isEmulator();
    String reason = hasGpu ? CudaDriver.unavailableReason() : null;
    boolean timed = hasGpu && reason == null;
    out.accept("%s as %s: %s".formatted(source.name(), op.id(), source.launch()));
    if (timed || source.isPtx() || PtxCompiler.isThere()) {
      resources(source, PtxCompiler.compile(source), out);
    } else {
      out.accept("Registers and spills are not known: neither libnvrtc nor nvcc is found.");
    }
    if (!timed) {
      out.accept(
          "There is no GPU here, so there is nothing to time"
              + (reason == null ? "" : " (" + reason + ")")
              + ".");
      return false;
    }
    try (CudaBackend backend = new CudaBackend(DeviceArena.SLAB, Precision.FP32, null)) {
      out.accept(backend.driver().description());
      UserKernel kernel = load(backend.driver(), source);
      Roofline roofline = Roofline.of(backend.driver(), source.launch().precision());
      new UserKernelBench(backend, kernel, source.launch().precision(), out)
          .run(UserKernelBench.sizes(op), roofline);
    }
    return true;
  }

  /** By NVIDIA's assembler, which takes no PTX newer than 8.0. */
  private static void resources(KernelSource source, Compiled compiled, Consumer<String> out) {
    for (String architecture : ARCHITECTURES) {
      try {
        Resources needs = PtxAssembler.assemble(compiled.ptx(), architecture).get(source.op().id());
        out.accept(
            "%s: %d registers a thread, %d bytes spilled, %d bytes of shared memory (by %s and ptxas)"
                .formatted(
                    architecture,
                    needs.registers(),
                    needs.spilledBytes(),
                    needs.sharedBytes() + source.launch().sharedBytes(),
                    compiled.compiler()));
      } catch (IllegalArgumentException e) {
        out.accept(
            architecture
                + ": registers are not known: "
                + e.getMessage().replaceAll("\\s*\\R\\s*", "; "));
      }
    }
  }

  @Override
  public void use(Backend backend, Map<KernelOp, Path> kernels) {
    if (!(backend instanceof CudaBackend cuda)) {
      throw new KernelException(
          "a kernel in CUDA C++ needs the backend cuda, found " + backend.name());
    }
    kernels.forEach(
        (op, file) -> {
          try {
            cuda.use(KernelSource.read(op, file));
          } catch (CudaException e) {
            throw new KernelException(file + " cannot be loaded: " + e.getMessage(), e);
          }
        });
  }
}
