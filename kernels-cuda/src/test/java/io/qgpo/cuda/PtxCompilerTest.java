package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qgpo.cuda.PtxAssembler.Resources;
import io.qgpo.cuda.PtxCompiler.Compiled;
import io.qgpo.tensor.kernel.KernelException;
import io.qgpo.tensor.kernel.KernelOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels of users' become PTX where there is a compiler, and what they need is what the manual
 * says.
 */
class PtxCompilerTest {
  private static final Path OWN = Path.of("src", "test", "kernels");
  private static final Path DOCS = Path.of("..", "docs");

  @TempDir Path folder;

  static List<Path> tutorial() throws IOException {
    try (Stream<Path> files = Files.list(DOCS.resolve("kernels"))) {
      return files.sorted().toList();
    }
  }

  /** Where QGPO_REQUIRE_NVRTC says that there is one, its absence fails. */
  private static void requireCompiler() {
    boolean there = PtxCompiler.isThere();
    assumeTrue(
        there || "true".equals(System.getenv("QGPO_REQUIRE_NVRTC")),
        "there is neither libnvrtc nor nvcc here");
    assertTrue(there, "neither libnvrtc nor nvcc is found");
  }

  /** Each row of the manual's table: what this compiler and ptxas say of the file. */
  @ParameterizedTest
  @MethodSource("tutorial")
  void theManualSaysWhatAKernelNeeds(Path file) throws Exception {
    assumeTrue(
        PtxManifest.read().compiler().equals(PtxBuild.compiler()),
        "the manual's numbers are those of nvcc " + PtxManifest.read().compiler());
    KernelSource source = KernelSource.read(KernelOp.LINEAR_SILU, file);
    Compiled compiled = PtxCompiler.byNvcc(source);
    StringBuilder row = new StringBuilder("| `").append(source.name()).append('`');
    int shared = 0;
    for (String architecture : List.of("sm_80", "sm_90")) {
      Resources needs = PtxAssembler.assemble(compiled.ptx(), architecture).get("linear_silu");
      assertEquals(0, needs.spilledBytes(), source.name() + " on " + architecture);
      row.append(" | ").append(needs.registers());
      shared = needs.sharedBytes() + source.launch().sharedBytes();
    }
    row.append(" | ").append(shared).append(" |");
    String page = Files.readString(DOCS.resolve("kernels.md"));
    assertTrue(page.contains(row), "docs/kernels.md: expected the row " + row);
  }

  @ParameterizedTest
  @EnumSource
  void aKernelOfEachOperationCompiles(KernelOp op) throws Exception {
    requireCompiler();
    Compiled compiled = PtxCompiler.compile(KernelSource.read(op, OWN.resolve(op.id() + ".cu")));
    assertTrue(compiled.ptx().contains(".version 7.4"));
    assertTrue(PtxAssembler.assemble(compiled.ptx(), "sm_90").containsKey(op.id()));
  }

  /** By the library itself, patched binding and built-in headers included. */
  @ParameterizedTest
  @MethodSource("tutorial")
  void nvrtcCompilesWhatNvccDoes(Path file) throws Exception {
    boolean there = Nvrtc.find().isPresent();
    assumeTrue(
        there || "true".equals(System.getenv("QGPO_REQUIRE_NVRTC")), "there is no libnvrtc here");
    assertTrue(there, "libnvrtc is not found");
    Compiled compiled = PtxCompiler.compile(KernelSource.read(KernelOp.LINEAR_SILU, file));
    assertTrue(compiled.compiler().contains("libnvrtc.so.1"), compiled.compiler());
    Resources needs = PtxAssembler.assemble(compiled.ptx(), "sm_90").get("linear_silu");
    assertEquals(0, needs.spilledBytes(), file.toString());
  }

  @Test
  void errorsAreTheCompilers() throws Exception {
    requireCompiler();
    String text = Files.readString(OWN.resolve("softmax.cu")).replace("float sum =", "flaot sum =");
    Path file = Files.writeString(folder.resolve("my.cu"), text);
    KernelSource source = KernelSource.read(KernelOp.SOFTMAX, file);
    KernelException refused =
        assertThrows(KernelException.class, () -> PtxCompiler.compile(source));
    assertTrue(refused.getMessage().contains("\"flaot\" is undefined"), refused.getMessage());
  }

  private Compiled ptx(String parameters) throws IOException {
    String text =
        "// qgpo: rows 1, threads 32\n.version 7.4\n.visible .entry softmax(" + parameters;
    Path file = Files.writeString(folder.resolve("my.ptx"), text + ")\n{\n}\n");
    return PtxCompiler.compile(KernelSource.read(KernelOp.SOFTMAX, file));
  }

  @Test
  void ptxMustHaveTheOperationsParameters() throws IOException {
    String pointer = ".param .u64 .ptr .align 1 p, ";
    String number = ".param .u32 n";
    String right = pointer + number + ", " + pointer + number + ", " + number + ", " + number;
    assertEquals("PTX", ptx(right).compiler());
    KernelException refused =
        assertThrows(KernelException.class, () -> ptx(pointer + pointer + number));
    assertTrue(refused.getMessage().contains("(pointer, pointer, int)"), refused.getMessage());
  }

  @Test
  void registersSpillsAndSharedMemoryAreTold() throws Exception {
    requireCompiler();
    if (NativeLibraries.hasDriver() && !KernelDevice.isEmulator()) {
      return; // it would be timed, which UserKernelsTest does
    }
    List<String> lines = new ArrayList<>();
    boolean timed =
        new CudaWorkshop().bench(KernelOp.SOFTMAX, OWN.resolve("softmax.cu"), lines::add);
    assertTrue(!timed);
    assertEquals(4, lines.size());
    assertTrue(
        lines
            .get(1)
            .matches("sm_80: \\d+ registers a thread, 0 bytes spilled, 0 bytes of shared.*"),
        lines.get(1));
    assertEquals("There is no GPU here, so there is nothing to time.", lines.get(3));
  }
}
