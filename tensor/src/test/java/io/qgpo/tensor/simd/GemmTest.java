package io.qgpo.tensor.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.tensor.cpu.Parallel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Not beside others, whose allocations it would count. */
@Isolated
class GemmTest {
  /** Its workers are daemons and park when idle. */
  private static final Parallel POOL = new Parallel(2);

  static final int[] SIZES = {1, 2, 3, 7, 13, 16, 17, 63, 64, 65, 207};

  /** A product as {@link Gemm#sgemm} takes it, in arrays with guard values around each row. */
  record Product(
      boolean transA, boolean transB, int m, int n, int k, boolean accumulate, int pad, long seed) {
    private static final float GUARD = 12345;

    private Matrix matrix(int rows, int columns, int salt) {
      Random random = new Random(seed * 31 + salt);
      int offset = pad == 0 ? 0 : 5 + salt;
      int row = columns + (pad == 0 ? 0 : pad + salt);
      float[] x = new float[offset + rows * row + pad];
      java.util.Arrays.fill(x, GUARD);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          x[offset + i * row + j] = random.nextFloat() * 2 - 1;
        }
      }
      return new Matrix(x, offset, row);
    }

    private Matrix a() {
      return matrix(transA ? k : m, transA ? m : k, 1);
    }

    private Matrix b() {
      return matrix(transB ? n : k, transB ? k : n, 2);
    }

    private Matrix c() {
      return matrix(m, n, 3);
    }

    float[] run(Parallel pool) {
      Matrix a = a();
      Matrix b = b();
      Matrix c = c();
      Gemm.sgemm(
          pool,
          transA,
          transB,
          m,
          n,
          k,
          a.x,
          a.offset,
          a.row,
          b.x,
          b.offset,
          b.row,
          c.x,
          c.offset,
          c.row,
          accumulate);
      return c.x;
    }

    /** Checks each element against a sum in double, and that nothing else was written. */
    void check(Parallel pool) {
      Matrix a = a();
      Matrix b = b();
      Matrix c = c();
      float[] found = run(pool);
      float[] expected = c.x.clone();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          int at = c.offset + i * c.row + j;
          double sum = accumulate ? c.x[at] : 0;
          double size = Math.abs(sum);
          for (int p = 0; p < k; p++) {
            double x = a.x[transA ? a.offset + p * a.row + i : a.offset + i * a.row + p];
            double y = b.x[transB ? b.offset + j * b.row + p : b.offset + p * b.row + j];
            sum += x * y;
            size += Math.abs(x * y);
          }
          // The bound of any order of summation of k + 1 terms (eps = 2^-24).
          if (!(Math.abs(found[at] - sum) <= (k + 1) * 0x1p-24 * size)) {
            throw new AssertionError(
                this + " at " + i + ", " + j + ": expected " + sum + ", found " + found[at]);
          }
          expected[at] = found[at];
        }
      }
      assertArrayEquals(expected, found, () -> this + ": written outside of c");
    }
  }

  record Matrix(float[] x, int offset, int row) {}

  /** All forms, each over sizes chosen to meet every path and edge. */
  static List<Product> products() {
    List<Product> list = new ArrayList<>();
    int seed = 0;
    for (int form = 0; form < 4; form++) {
      for (int size : SIZES) {
        for (int other : new int[] {1, 3, 17, 64, 207}) {
          int third = SIZES[(seed * 7 + 3) % SIZES.length];
          int[][] shapes = {{size, other, third}, {other, third, size}, {third, size, other}};
          for (int[] s : shapes) {
            boolean accumulate = seed % 2 == 0;
            list.add(
                new Product(
                    form >= 2, form % 2 == 1, s[0], s[1], s[2], accumulate, seed % 3 * 3, seed++));
          }
        }
      }
    }
    return list;
  }

  @Test
  void equalsANaiveProductOfChosenSizes() {
    products().forEach(product -> product.check(POOL));
  }

  /** Shapes that take several k-blocks, slices, column blocks and chunks. */
  static List<Product> largeProducts() {
    List<Product> list = new ArrayList<>();
    int[][] shapes = {
      {130, 530, 1030},
      {601, 6, 700},
      {6, 300, 2100},
      {300, 5, 2100},
      {1, 300, 1100},
      {97, 65, 513},
      {35, 21, 1500},
      {2, 1025, 600},
      {50, 260, 17},
      {1, 1, 3000},
      {700, 1, 65},
      {1541, 290, 530},
      {1543, 1100, 9},
      {270, 530, 1100},
      {530, 400, 2100},
      {1100, 70, 600},
      {530, 130, 2100},
      {64, 200, 600}
    };
    for (int form = 0; form < 4; form++) {
      for (int[] s : shapes) {
        list.add(
            new Product(form >= 2, form % 2 == 1, s[0], s[1], s[2], form % 2 == 0, 3, list.size()));
      }
    }
    return list;
  }

  @ParameterizedTest
  @MethodSource("largeProducts")
  void equalsANaiveProductWithTheSameBitsForAnyNumberOfThreads(Product product) {
    float[] expected;
    try (Parallel one = new Parallel(1)) {
      product.check(one);
      expected = product.run(one);
    }
    for (int threads : new int[] {2, 3, 7}) {
      try (Parallel pool = new Parallel(threads)) {
        assertArrayEquals(expected, product.run(pool), () -> threads + " threads");
      }
    }
  }

  @Property(tries = 300)
  void equalsANaiveProductOfAnySize(
      @ForAll @IntRange(max = 70) int m,
      @ForAll @IntRange(max = 140) int n,
      @ForAll @IntRange(max = 90) int k,
      @ForAll boolean transA,
      @ForAll boolean transB,
      @ForAll boolean accumulate,
      @ForAll @IntRange(max = 20) int pad) {
    new Product(transA, transB, m, n, k, accumulate, pad, m * 31L + n).check(POOL);
  }

  @Test
  void anEmptySumIsZeroOrLeavesWhatIsThere() {
    float[] c = {1, 2, 3, 4};
    float[] none = {};
    Gemm.sgemm(POOL, false, false, 2, 2, 0, none, 0, 0, none, 0, 2, c, 0, 2, true);
    assertArrayEquals(new float[] {1, 2, 3, 4}, c);
    for (int form = 0; form < 4; form++) {
      boolean transA = form >= 2;
      boolean transB = form % 2 == 1;
      c = new float[] {1, 2, 3, 4};
      Gemm.sgemm(
          POOL,
          transA,
          transB,
          2,
          2,
          0,
          none,
          0,
          transA ? 2 : 0,
          none,
          0,
          transB ? 0 : 2,
          c,
          0,
          2,
          false);
      assertArrayEquals(new float[4], c);
    }
  }

  @Test
  void infinityAndNaNReachTheResultsThatTheyBelongToOnly() {
    int n = 37;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    for (int i = 0; i < n; i++) {
      a[i * n + i] = 1;
      b[i * n + i] = 2;
    }
    b[5 * n + 7] = Float.NaN;
    float[] c = new float[n * n];
    Gemm.sgemm(POOL, false, false, n, n, n, a, 0, n, b, 0, n, c, 0, n, false);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        assertEquals(j == 7 ? Float.NaN : i == j ? 2 : 0, c[i * n + j]);
      }
    }
  }

  @Test
  void refusesMatricesThatDoNotFit() {
    float[] x = new float[100];
    assertEquals(
        "sgemm: a: expected room for 10 x 11, found an array of 100 with offset 0 and leading"
            + " dimension 11",
        assertThrows(
                IllegalArgumentException.class,
                () -> Gemm.sgemm(POOL, false, false, 10, 3, 11, x, 0, 11, x, 0, 3, x, 0, 3, false))
            .getMessage());
    assertEquals(
        "sgemm: b: expected room for 3 x 10, found an array of 100 with offset 0 and leading"
            + " dimension 9",
        assertThrows(
                IllegalArgumentException.class,
                () -> Gemm.sgemm(POOL, false, true, 3, 3, 10, x, 0, 10, x, 0, 9, x, 0, 3, false))
            .getMessage());
    assertEquals(
        "sgemm: c: expected room for 3 x 3, found an array of 100 with offset 92 and leading"
            + " dimension 3",
        assertThrows(
                IllegalArgumentException.class,
                () -> Gemm.sgemm(POOL, true, false, 3, 3, 3, x, 0, 3, x, 0, 3, x, 92, 3, false))
            .getMessage());
    assertEquals(
        "sgemm: a: expected extents >= 0, found -1 x 3",
        assertThrows(
                IllegalArgumentException.class,
                () -> Gemm.sgemm(POOL, false, false, -1, 3, 3, x, 0, 3, x, 0, 3, x, 0, 3, false))
            .getMessage());
  }

  /** Sizes of which none is a multiple of a tile: every kernel and every edge. */
  private static final int[][] ODD = {
    {67, 83, 35}, {1, 131, 70}, {301, 5, 70}, {301, 3, 70}, {33, 201, 1101}, {301, 1, 70}
  };

  /**
   * A kernel that C2 fails to keep in registers makes an object of every vector: this is where that
   * would show.
   */
  @Test
  void callsAllocateNothingOnceCompiled() {
    float[] x = new float[1101 * 301];
    float[] c = new float[301 * 301];
    List<String> allocating = List.of("not yet called");
    try (Parallel pool = new Parallel(2)) {
      // How many rounds it takes until all is compiled depends on what else the machine does.
      for (int round = 0; round < 1000 && !allocating.isEmpty(); round++) {
        allocating = new ArrayList<>();
        for (int[] size : ODD) {
          for (int form = 0; form < 8; form++) {
            long bytes = bytesOfFiveCalls(pool, size, form, x, c) / 5;
            if (bytes >= 64) {
              allocating.add(Arrays.toString(size) + " form " + form + ": " + bytes);
            }
          }
        }
      }
    }
    assertEquals(List.of(), allocating, "bytes a call");
  }

  /** Form: transA and transB by the lower bits, the third to add to c. */
  private static long bytesOfFiveCalls(Parallel pool, int[] size, int form, float[] x, float[] c) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    boolean transA = (form & 1) != 0;
    boolean transB = (form & 2) != 0;
    int lda = transA ? size[0] : size[2];
    int ldb = transB ? size[2] : size[1];
    long before = threads.getTotalThreadAllocatedBytes();
    for (int i = 0; i < 5; i++) {
      Gemm.sgemm(
          pool, transA, transB, size[0], size[1], size[2], x, 0, lda, x, 0, ldb, c, 0, size[1],
          form >= 4);
    }
    return threads.getTotalThreadAllocatedBytes() - before;
  }
}
