package io.qgpo.tensor.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.cpu.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GemmLinearTest {
  /** Its workers are daemons and park when idle. */
  private static final Parallel POOL = new Parallel(2);

  private static final float GUARD = 12345;

  /** Where the residual is. */
  private enum Residual {
    NONE,
    ELSEWHERE,
    IN_OUT
  }

  private record Layer(
      int m, int n, int k, Activation activation, boolean bias, Residual residual, boolean pre) {

    private static float[] random(int size, int seed) {
      Random random = new Random(seed);
      float[] x = new float[size];
      for (int i = 0; i < size; i++) {
        x[i] = random.nextFloat() * 2 - 1;
      }
      return x;
    }

    private int ldx() {
      return k + 3;
    }

    private int ldw() {
      return k + 1;
    }

    private int ldr() {
      return residual == Residual.IN_OUT ? ldo() : n + 2;
    }

    private int ldp() {
      return n + 5;
    }

    private int ldo() {
      return n + 4;
    }

    private float[] x() {
      return random(7 + m * ldx(), 1);
    }

    private float[] weight() {
      return random(9 + n * ldw(), 2);
    }

    private float[] packed(Parallel pool) {
      int size = Gemm.packedSize(n, k);
      float[] packed = new float[5 + size + 3];
      Arrays.fill(packed, GUARD);
      Gemm.pack(pool, n, k, weight(), 9, ldw(), packed, 5);
      for (int i = 0; i < 5; i++) {
        assertEquals(GUARD, packed[i]);
      }
      for (int i = 5 + size; i < packed.length; i++) {
        assertEquals(GUARD, packed[i]);
      }
      return packed;
    }

    private float[] biases() {
      return random(11 + n, 3);
    }

    private float[] residuals() {
      return random(13 + m * Math.max(ldr(), ldo()), 4);
    }

    /** Returns pre and out. */
    float[][] run(Parallel pool) {
      return run(pool, false);
    }

    /** With the weight as it is, or packed before. */
    float[][] run(Parallel pool, boolean isPacked) {
      float[] packed = isPacked && Gemm.packedSize(n, k) > 0 ? packed(pool) : null;
      float[] residuals = residuals();
      float[] out;
      if (residual == Residual.IN_OUT) {
        out = residuals;
      } else {
        out = new float[13 + m * ldo()];
        Arrays.fill(out, GUARD);
      }
      float[] pres = new float[17 + m * ldp()];
      Arrays.fill(pres, GUARD);
      Gemm.linear(
          pool,
          m,
          n,
          k,
          x(),
          7,
          ldx(),
          weight(),
          9,
          ldw(),
          packed,
          5,
          bias ? biases() : null,
          11,
          activation,
          residual == Residual.NONE ? null : residuals,
          13,
          ldr(),
          pre ? pres : null,
          17,
          ldp(),
          out,
          13,
          ldo());
      return new float[][] {pres, out};
    }

    void check(Parallel pool) {
      check(run(pool, false));
      check(run(pool, true));
    }

    private void check(float[][] found) {
      float[] x = x();
      float[] weight = weight();
      float[] biases = biases();
      float[] residuals = residuals();
      float[] pres = new float[found[0].length];
      float[] out = residual == Residual.IN_OUT ? residuals() : new float[found[1].length];
      Arrays.fill(pres, GUARD);
      if (residual != Residual.IN_OUT) {
        Arrays.fill(out, GUARD);
      }
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double z = bias ? biases[11 + j] : 0;
          double size = Math.abs(z);
          for (int p = 0; p < k; p++) {
            double term = (double) x[7 + i * ldx() + p] * weight[9 + j * ldw() + p];
            z += term;
            size += Math.abs(term);
          }
          double bound = (k + 1) * 0x1p-24 * size;
          int at = 17 + i * ldp() + j;
          if (pre) {
            near(z, found[0][at], bound, "z", i, j);
            pres[at] = found[0][at];
          }
          double added = residual == Residual.NONE ? 0 : residuals[13 + i * ldr() + j];
          double y = activation.value(z);
          at = 13 + i * ldo() + j;
          // SiLU's slope is at most 1.1; its own error is 3.2 units, the last addition's half a
          // one.
          near(
              y + added,
              found[1][at],
              1.1 * bound + 4 * Math.ulp((float) y) + Math.ulp((float) added),
              "out",
              i,
              j);
          out[at] = found[1][at];
        }
      }
      assertArrayEquals(pres, found[0], () -> this + ": written outside of pre");
      assertArrayEquals(out, found[1], () -> this + ": written outside of out");
    }

    private void near(double expected, float found, double bound, String what, int i, int j) {
      if (!(Math.abs(found - expected) <= bound)) {
        throw new AssertionError(
            this
                + ": "
                + what
                + " at "
                + i
                + ", "
                + j
                + ": expected "
                + expected
                + ", found "
                + found);
      }
    }
  }

  /** All combinations of what a layer may have, each of them over shapes that take every path. */
  static List<Layer> layers() {
    List<Layer> list = new ArrayList<>();
    int[][] shapes = {
      {1, 1, 1},
      {1, 70, 65},
      {3, 17, 207},
      {65, 6, 64},
      {70, 1, 40},
      {16, 130, 520},
      {64, 65, 33},
      {207, 63, 17},
      {100, 130, 600},
      {5, 3, 0},
      {130, 16, 3}
    };
    for (int[] s : shapes) {
      for (Activation activation : Activation.values()) {
        for (Residual residual : Residual.values()) {
          for (int i = 0; i < 4; i++) {
            list.add(new Layer(s[0], s[1], s[2], activation, i < 2, residual, i % 2 == 0));
          }
        }
      }
    }
    return list;
  }

  @Test
  void equalsTheLayerComputedInDouble() {
    layers().forEach(layer -> layer.check(POOL));
  }

  static List<Layer> largeLayers() {
    return List.of(
        new Layer(600, 300, 520, Activation.SILU, true, Residual.ELSEWHERE, true),
        new Layer(600, 130, 65, Activation.SILU, true, Residual.IN_OUT, false),
        // Rows enough for chunks of whole rows: of several column blocks, of two chunks.
        new Layer(1541, 290, 1020, Activation.SILU, true, Residual.ELSEWHERE, true),
        new Layer(1543, 1100, 130, Activation.RELU, true, Residual.IN_OUT, true),
        new Layer(1, 600, 520, Activation.RELU, true, Residual.NONE, false),
        new Layer(16, 530, 520, Activation.SILU, true, Residual.ELSEWHERE, false),
        new Layer(700, 5, 300, Activation.SILU, true, Residual.IN_OUT, true));
  }

  @ParameterizedTest
  @MethodSource("largeLayers")
  void givesTheSameBitsForAnyNumberOfThreads(Layer layer) {
    givesTheSameBits(layer, false);
    givesTheSameBits(layer, true);
  }

  @Test
  void packingBeforeChangesNoBitOfManyRows() {
    Layer layer = new Layer(60, 130, 600, Activation.SILU, true, Residual.ELSEWHERE, true);
    assertArrayEquals(layer.run(POOL, false)[1], layer.run(POOL, true)[1]);
  }

  /** So wide that a product packs it in two parts, but small enough to be packed at once. */
  @Test
  void aWeightPackedBeforeMayHaveAnyShape() {
    for (int[] s : new int[][] {{520, 7913}, {1023, 4090}, {65, 52428}}) {
      new Layer(3, s[0], s[1], Activation.IDENTITY, false, Residual.NONE, false).check(POOL);
    }
  }

  private static void givesTheSameBits(Layer layer, boolean packed) {
    float[][] expected;
    try (Parallel one = new Parallel(1)) {
      layer.check(one);
      expected = layer.run(one, packed);
    }
    for (int threads : new int[] {2, 3, 7}) {
      try (Parallel pool = new Parallel(threads)) {
        float[][] found = layer.run(pool, packed);
        assertArrayEquals(expected[0], found[0], () -> threads + " threads");
        assertArrayEquals(expected[1], found[1], () -> threads + " threads");
      }
    }
  }

  @Test
  void theWayToTheResultDoesNotDependOnWhetherZIsWanted() {
    Layer with = new Layer(100, 65, 70, Activation.SILU, true, Residual.IN_OUT, true);
    Layer without = new Layer(100, 65, 70, Activation.SILU, true, Residual.IN_OUT, false);
    assertArrayEquals(with.run(POOL)[1], without.run(POOL)[1]);
  }

  @Test
  void keepsNaNInEveryActivation() {
    for (Activation activation : Activation.values()) {
      float[] out = new float[20];
      Gemm.linear(
          POOL,
          1,
          20,
          1,
          new float[] {Float.NaN},
          0,
          1,
          new float[20],
          0,
          1,
          null,
          0,
          null,
          0,
          activation,
          null,
          0,
          0,
          null,
          0,
          0,
          out,
          0,
          20);
      for (float y : out) {
        assertEquals(Float.NaN, y, activation.name());
      }
    }
  }

  @Test
  void refusesArraysThatDoNotFit() {
    float[] x = new float[12];
    assertEquals(
        "linear: bias: expected room for 1 x 4, found an array of 12 with offset 9 and leading"
            + " dimension 4",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Gemm.linear(
                        POOL,
                        3,
                        4,
                        3,
                        x,
                        0,
                        3,
                        x,
                        0,
                        3,
                        null,
                        0,
                        x,
                        9,
                        Activation.RELU,
                        null,
                        0,
                        0,
                        null,
                        0,
                        0,
                        x,
                        0,
                        4))
            .getMessage());
  }
}
