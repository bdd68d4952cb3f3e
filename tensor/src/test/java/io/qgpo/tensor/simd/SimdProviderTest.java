package io.qgpo.tensor.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ScalarBackend;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimdProviderTest {
  /** The build must test vectors: a run that fell back to plain loops would pass all twin tests. */
  @Test
  void runsInThisBuild() {
    assertNull(new SimdProvider().unavailableReason());
    Backends.Choice choice = Backends.choose("auto", 2);
    assertInstanceOf(SimdBackend.class, choice.backend());
    assertEquals("the best available", choice.reason());
    assertTrue(VectorMath.SPECIES.length() > 1, "vectors of " + VectorMath.SPECIES);
  }

  /** A run of the build for narrower vectors has them: the JVM ignores options it does not know. */
  @Test
  void vectorsAreAsWideAsTheBuildAsks() {
    int bits = Integer.getInteger("vector.bits", Integer.MAX_VALUE);
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "the options are those of x86");
    assertTrue(VectorMath.SPECIES.vectorBitSize() <= bits, VectorMath.SPECIES + ", not " + bits);
  }

  @Test
  void describesItself() {
    int bits = VectorMath.SPECIES.vectorBitSize();
    assertEquals(
        "Vector API, " + bits + "-bit vectors, 3 threads, float32",
        new SimdBackend(3).description());
    assertEquals(
        "Vector API, " + bits + "-bit vectors, 1 thread, float32",
        new SimdProvider().create(1).description());
    assertEquals("simd", new SimdBackend(1).name());
  }

  @Test
  void namesTheFlag() {
    assertEquals(
        "the JVM was started without the Vector API; add --add-modules jdk.incubator.vector",
        SimdProvider.unavailableReason(false));
  }

  /** In a JVM without the module, the provider loads, says why, and the oracle is chosen. */
  @Test
  void isSkippedWithoutTheModule() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = placeOf(Backends.class) + File.pathSeparator + placeOf(ChooseAuto.class);
    Process process =
        new ProcessBuilder(List.of(java, "-cp", classPath, ChooseAuto.class.getName()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), said);
    assertEquals(
        "scalar because simd cannot run here: " + SimdProvider.unavailableReason(false),
        said.strip());
  }

  private static Path placeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** What the child JVM runs. */
  static final class ChooseAuto {
    public static void main(String[] args) {
      Backends.Choice choice = Backends.choose("auto", 1);
      System.out.println(choice.backend().name() + " " + choice.reason());
    }
  }

  @Test
  void refusesFloat64() {
    SimdBackend simd = new SimdBackend(1);
    assertEquals(
        "backend simd does not compute in FLOAT64; use the scalar backend",
        assertThrows(IllegalArgumentException.class, () -> simd.allocate(DType.FLOAT64, 4))
            .getMessage());
    Tensor wide = Tensor.zeros(new ScalarBackend(), DType.FLOAT64, Shape.of(4));
    Tensor out = Tensor.zeros(simd, DType.FLOAT32, Shape.of(4));
    assertEquals(
        "copy: expected in of type FLOAT32, found FLOAT64 [4]",
        assertThrows(IllegalArgumentException.class, () -> simd.copy(wide, out)).getMessage());
    assertEquals(
        "tensor of type FLOAT32 expected, found FLOAT64 [4]",
        assertThrows(IllegalArgumentException.class, () -> simd.affine(wide, 1, 0, out))
            .getMessage());
  }
}
