package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qgpo.cuda.PtxAssembler.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The PTX that is checked in is that of the sources, is valid, and fits the registers. */
class PtxTest {
  private static final Path KERNELS =
      Path.of("src", "main", "resources", "io", "qgpo", "cuda", "kernels");

  /**
   * A multiprocessor has 65536 registers: two blocks of 256 threads at 128, one at 255. A launch
   * for a few rows has fewer blocks than a GPU has multiprocessors.
   */
  private static final Map<String, Integer> MOST_REGISTERS =
      Map.of("gemm_fp32", 170, "gemm_tf32", 176, "linear_grad", 40, "few_rows", 128);

  /** All others are bound by memory: 48 leave room for 5 blocks of 256 threads. */
  private static final int FEW_REGISTERS = 48;

  private static final String HELP = "run io.qgpo.cuda.PtxBuild and check in what it writes";

  @Test
  void sourcesAndPtxAreThoseOfTheManifest() throws IOException {
    SortedMap<String, String> sources = new TreeMap<>();
    for (Path source : PtxBuild.sources(KERNELS)) {
      sources.put(source.getFileName().toString(), PtxManifest.sha256(Files.readAllBytes(source)));
    }
    assertEquals(PtxManifest.read().sources(), sources, HELP);
    PtxManifest.read()
        .ptx()
        .forEach(
            (name, sha) ->
                assertEquals(sha, PtxManifest.sha256(PtxManifest.bytes(name)), name + ": " + HELP));
  }

  @Test
  void theSameCompilerMakesTheSameBytes(@TempDir Path folder) throws Exception {
    PtxManifest manifest = PtxManifest.read();
    assumeTrue(
        manifest.compiler().equals(PtxBuild.compiler()),
        "the PTX is made anew only where nvcc is of the build " + manifest.compiler());
    assertEquals(manifest, PtxBuild.build(KERNELS, folder), HELP);
  }

  /**
   * Of the bytes spilled all are Adam's: for cards such as the RTX 30 and 40, around the slow way
   * of a division, for numbers near the ends of the range.
   */
  @ParameterizedTest
  @CsvSource({"sm_80, 0", "sm_86, 8", "sm_89, 8", "sm_90, 0"})
  void allPtxIsValidAndNoOtherKernelSpills(String architecture, int adams) {
    for (String file : PtxManifest.read().ptx().keySet()) {
      String name = file.replace(".ptx", "");
      // What a driver of CUDA 11.4 takes.
      assertTrue(PtxManifest.ptx(name).contains("\n.version 7.4\n"), name);
      SortedMap<String, Resources> kernels =
          PtxAssembler.assemble(PtxManifest.ptx(name), architecture);
      assertTrue(!kernels.isEmpty(), name);
      kernels.forEach(
          (kernel, needs) -> {
            assertEquals(
                kernel.equals("adam") ? adams : 0, needs.spilledBytes(), kernel + " spills");
            assertTrue(
                needs.registers() <= MOST_REGISTERS.getOrDefault(name, FEW_REGISTERS),
                kernel + " needs " + needs);
          });
    }
  }

  /** What a reader needs before the code. */
  @Test
  void eachSourceBeginsWithWhatItComputesAndCosts() throws IOException {
    for (Path source : PtxBuild.sources(KERNELS)) {
      String name = source.getFileName().toString();
      if (name.endsWith(".cu")) {
        String head = Files.readString(source).split("#include")[0];
        for (String label : List.of("Reference: ", "Shapes: ", "Launch: ", "Bytes: ", "FLOP: ")) {
          assertTrue(head.contains("\n// " + label), name + " has no line " + label);
        }
      }
    }
  }

  @Test
  void invalidPtxIsRefusedWithTheAssemblersReport() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> PtxAssembler.assemble(".version 7.4\n.target sm_80\nnonsense;\n", "sm_80"));
    assertTrue(refused.getMessage().contains("nonsense"), refused.getMessage());
  }

  @Test
  void aFolderWithoutKernelsIsAskedFor() {
    assertThrows(IllegalArgumentException.class, () -> PtxBuild.main(new String[0]));
    assertThrows(IllegalStateException.class, () -> PtxManifest.bytes("absent.ptx"));
  }
}
