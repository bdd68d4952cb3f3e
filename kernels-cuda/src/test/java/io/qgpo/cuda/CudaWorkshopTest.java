package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qgpo.tensor.kernel.DeviceWorkshop;
import io.qgpo.tensor.kernel.KernelException;
import io.qgpo.tensor.kernel.KernelOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels of users' are checked: right ones pass, and each planted fault is found. */
class CudaWorkshopTest {
  /** On a GPU two that fill it are among them. */
  private static final int CASES = Emulator.ON_GPU ? 22 : 20;

  private static final Path OWN = Path.of("src", "test", "kernels");
  private static final Path TUTORIAL = Path.of("..", "docs", "kernels");

  private static final Set<KernelOp> TRIED_ON_GPU = Set.of(KernelOp.MATMUL_TN, KernelOp.SOFTMAX);

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();

  @BeforeEach
  void install() {
    Emulator emulator = Emulator.install();
    Emulator.assumeCompiler();
    if (!Emulator.ON_GPU) {
      emulator.schedule(0);
    }
  }

  /** Faults that a GPU does not tell of, or in other words. */
  private static void onTheEmulatorAlone() {
    assumeTrue(!Emulator.ON_GPU, "only the emulator tells of it, or in these words");
  }

  static List<Path> tutorial() throws IOException {
    try (Stream<Path> files = Files.list(TUTORIAL)) {
      return files.sorted().toList();
    }
  }

  private boolean check(KernelOp op, Path file) {
    DeviceWorkshop workshop = DeviceWorkshop.find("cuda").orElseThrow();
    return workshop.check(op, file, false, lines::add);
  }

  private boolean check(KernelOp op, String text) throws IOException {
    return check(op, Files.writeString(folder.resolve("my.cu"), text));
  }

  private String report() {
    return String.join("\n", lines);
  }

  @ParameterizedTest
  @EnumSource
  void aRightKernelOfEachOperationPasses(KernelOp op) {
    // The oracle takes seconds for each where sizes fill a GPU.
    assumeTrue(
        !Emulator.ON_GPU || TRIED_ON_GPU.contains(op), "all have been tried on the emulator");
    assertTrue(check(op, OWN.resolve(op.id() + ".cu")), this::report);
    assertTrue(report().contains(op.id() + " is right: " + CASES + " cases, 7 runs"), this::report);
    assertTrue(Emulator.ON_GPU || lines.size() == CASES + 2, this::report);
  }

  @ParameterizedTest
  @MethodSource("tutorial")
  void theKernelsOfTheTutorialAreRight(Path file) {
    assertTrue(check(KernelOp.LINEAR_SILU, file), this::report);
  }

  /** Of kernels that are right, one thing is changed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "2_shared_tiles @ __syncthreads();  // all has been read @ ; @ other bits with the threads"
            + " in another order",
        "2_shared_tiles @ __syncthreads();  // all has been written @ ; @ other bits with the"
            + " threads in another order",
        "2_shared_tiles @ __syncthreads();  // all has been written @ if (row < rows)"
            + " __syncthreads(); @ threads of a block wait at two barriers",
        "1_naive @ if (row >= rows || column >= columns) return; @ ; @ a write outside ",
        "1_naive @ column >= columns) return; @ column + 1 >= columns) return; @ never written",
        "1_naive @ if (z != nullptr) z @ if (z != nullptr && row < 64) z @ z at row 64, column 0 is"
            + " never written",
        "1_naive @ if (residual != nullptr) result @ result @ an access outside all memory",
        "1_naive @ k < inner @ k < inner - inner / 64 @ error",
        "1_naive @ expf(-sum) @ expf(sum) @ y at row",
        "1_naive @ sum / (1.0f + expf(-sum)) @ sum * expf(sum) / (1.0f + expf(sum)) @ y at row",
        "1_naive @ float sum = 0.0f; @ float sum = 0.0f; const_cast<float*>(x)[row * ldX] += 1.0f;"
            + " @ a write into the input x, at row 0, column 0",
        "3_register_tiles @ float sharedX[SLICE] @ float sharedX[SLICE - 1] @ invalid",
        "2_shared_tiles @ sharedX[down][across] = @ sharedX[down][across + 2] = @ an index outside"
            + " an array",
        "5_tensor_cores @ waitForCopies<STAGES - 2>(); @ ; @ z at row",
        "5_tensor_cores @ shared 55296 @ shared 55200 @ behind its dynamic shared memory",
        "5_tensor_cores @ , precision tf32 @ @ of 2e-06",
      })
  void aPlantedFaultIsFound(String kernel, String right, String wrong, String told)
      throws IOException {
    onTheEmulatorAlone();
    String text = Files.readString(TUTORIAL.resolve(kernel + ".cu"));
    assertTrue(text.contains(right), kernel + " holds no " + right);
    String changed = text.replace(right, wrong == null ? "" : wrong);
    boolean passed;
    try {
      passed = check(KernelOp.LINEAR_SILU, changed);
    } catch (KernelException e) {
      lines.add(e.getMessage()); // the compiler sees some
      passed = false;
    }
    assertFalse(passed, this::report);
    assertTrue(report().contains(told == null ? "" : told), this::report);
  }

  @Test
  void sumsByAtomicsHaveOtherBitsInOtherOrders() throws IOException {
    onTheEmulatorAlone();
    String text = Files.readString(OWN.resolve("linear_grad_silu.cu"));
    String atomic =
        text.replace(
            "  sums[warp][lane] = sum;",
            "  if (warp == 0) sums[0][lane] = 0.0f;\n  __syncthreads();\n"
                + "  atomicAdd(&sums[0][lane], sum);");
    assertFalse(
        check(
            KernelOp.LINEAR_GRAD_SILU,
            atomic
                .replace("for (int i = 1; i < 8; i++) sum += sums[i][lane];", "")
                .replace("gradBias[column] = sum;", "gradBias[column] = sums[0][lane];")));
    assertTrue(report().contains("gradBias at row 0"), this::report);
    assertTrue(report().contains("is a sum atomic"), this::report);
  }

  @Test
  void reluThatDropsNanIsFound() throws IOException {
    String text = Files.readString(OWN.resolve("linear_relu.cu"));
    assertFalse(
        check(KernelOp.LINEAR_RELU, text.replace("sum < 0.0f ? 0.0f : sum", "fmaxf(0.0f, sum)")));
    assertTrue(report().contains("expected NaN"), this::report);
    assertTrue(report().contains("is WRONG in 1 of " + CASES + " cases"), this::report);
  }

  @Test
  void softmaxWithoutTheLargestTakenOffOverflows() throws IOException {
    String text = Files.readString(OWN.resolve("softmax.cu"));
    assertFalse(check(KernelOp.SOFTMAX, text.replace(" - most", "")));
    assertTrue(report().contains("large numbers"), this::report);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int rows, int columns, int inner | int rows, int columns | expected the declaration",
        "extern \"C\" __global__ | __global__ | expected a kernel declared as",
        "linear_identity( | linear_iddentity( | expected a kernel declared as",
        "float sum = | float sum == | does not compile the kernel: my.cu:10",
        "threads 256 | threads 2560 | expected threads from 1 to 1024, found 2560",
        "// qgpo | // QGPO | expected one line that says how the kernel is launched",
      })
  void aFileThatIsNoKernelIsRefused(String right, String wrong, String told) throws IOException {
    onTheEmulatorAlone();
    String text = Files.readString(OWN.resolve("linear_identity.cu"));
    assertTrue(text.contains(right), right);
    KernelException refused =
        assertThrows(
            KernelException.class,
            () -> check(KernelOp.LINEAR_IDENTITY, text.replace(right, wrong)));
    assertTrue(refused.getMessage().contains(told), refused.getMessage());
  }

  @Test
  void ptxOnTheEmulatorIsRefused() throws IOException {
    onTheEmulatorAlone();
    Path ptx =
        Files.writeString(
            folder.resolve("my.ptx"), "// qgpo: elements 1, threads 1\n.version 7.4\n");
    KernelException refused =
        assertThrows(KernelException.class, () -> check(KernelOp.SOFTMAX, ptx));
    assertTrue(refused.getMessage().contains("expected a .cu, found PTX"), refused.getMessage());
    assertThrows(KernelException.class, () -> check(KernelOp.SOFTMAX, folder.resolve("absent.cu")));
    assertThrows(
        KernelException.class,
        () -> check(KernelOp.SOFTMAX, Files.writeString(folder.resolve("my.c"), "")));
  }

  @Test
  void withoutACompilerItSaysWhatToInstall() throws IOException {
    EmulatorBuild build = new EmulatorBuild(folder, "absent-g++");
    KernelException refused = assertThrows(KernelException.class, build::library);
    assertTrue(refused.getMessage().contains("apt install g++"), refused.getMessage());
  }

  @Test
  void theStandInIsBuiltOfTheJarsResources() throws Exception {
    onTheEmulatorAlone();
    assertTrue(Files.exists(new EmulatorBuild(folder, EmulatorBuild.COMPILER).library()));
  }

  @Test
  void dynamicSharedMemoryIsTheEmulators() {
    assertEquals(
        "static float*& s = reinterpret_cast<float*&>(emulator::dynamicShared); int i;",
        EmulatorBuild.shared("extern __shared__ __align__(16) float s[]; int i;"));
    assertEquals("__shared__ float s[4];", EmulatorBuild.shared("__shared__ float s[4];"));
  }

  /** Whatever a kernel includes from beside itself is a part of it. */
  @Test
  void theHashIsOfAllThatIsIncluded() throws IOException {
    String text = "// qgpo: elements 1, threads 1\n#include \"mine.cuh\"\n#include <x.h>\n";
    String kernel = text + "\nextern \"C\" __global__ void softmax(int x) {}";
    Path file = Files.writeString(folder.resolve("my.cu"), kernel);
    Path mine = folder.resolve("mine.cuh");
    String without = KernelSource.read(KernelOp.SOFTMAX, file).sha256();
    Files.writeString(mine, "int one;");
    String one = KernelSource.read(KernelOp.SOFTMAX, file).sha256();
    Files.writeString(mine, "int two;");
    String two = KernelSource.read(KernelOp.SOFTMAX, file).sha256();
    assertEquals(3, Stream.of(without, one, two).distinct().count());
    assertEquals(PtxManifest.sha256(kernel.getBytes()), without);
  }
}
