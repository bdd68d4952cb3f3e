package io.qgpo.tensor.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ScalarBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowRangesTest {
  private static final SimdBackend TWO = new SimdBackend(2);
  private static final SimdBackend ONE = new SimdBackend(1);

  private static List<List<Integer>> ranges(SimdBackend backend, int rows, int weight) {
    List<List<Integer>> ranges = Collections.synchronizedList(new ArrayList<>());
    backend.byRows(rows, weight, (from, to) -> ranges.add(List.of(from, to)));
    List<List<Integer>> sorted = new ArrayList<>(ranges);
    sorted.sort((a, b) -> a.get(0) - b.get(0));
    return sorted;
  }

  @Property(tries = 300)
  void eachRowOnce(
      @ForAll @IntRange(max = 9000) int rows, @ForAll @IntRange(min = 1, max = 200) int weight) {
    int next = 0;
    for (List<Integer> range : ranges(TWO, rows, weight)) {
      assertEquals(next, range.get(0));
      assertTrue(range.get(1) > next, "an empty range at " + next);
      assertTrue(
          range.get(1) - next == 1 || (range.get(1) - next) * weight <= 96, range + " of " + rows);
      next = range.get(1);
    }
    assertEquals(rows, next);
    assertEquals(ranges(ONE, rows, weight), ranges(TWO, rows, weight), "by the number of threads");
  }

  @Test
  void fewRowsAreNotCut() {
    assertEquals(List.of(List.of(0, 47)), ranges(TWO, 47, 1));
    assertEquals(List.of(List.of(0, 24), List.of(24, 48)), ranges(TWO, 48, 1));
    assertEquals(8, ranges(TWO, 256, 1).size());
    assertEquals(256, ranges(TWO, 256, 96).size());
  }

  @Test
  void othersComputeAllRowsAtOnce() {
    List<List<Integer>> ranges = new ArrayList<>();
    new ScalarBackend().byRows(1000, 1, (from, to) -> ranges.add(List.of(from, to)));
    new ScalarBackend().byRows(0, 1, (from, to) -> ranges.add(List.of(from, to)));
    assertEquals(List.of(List.of(0, 1000)), ranges);
  }

  @Test
  void primitivesInsideGiveTheSameBits() {
    float[] whole = new float[300 * 7];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = i * 0.37f - 300;
    }
    try (Scope _ = Scope.open("test")) {
      Tensor x = Tensor.of(TWO, Shape.of(300, 7), whole);
      Tensor inParts = Tensor.empty(TWO, DType.FLOAT32, x.shape());
      TWO.byRows(300, 1, (from, to) -> TWO.softmax(x.rows(from, to), inParts.rows(from, to)));
      Tensor atOnce = Tensor.empty(TWO, DType.FLOAT32, x.shape());
      TWO.softmax(x, atOnce);
      // Compares bits.
      assertArrayEquals(atOnce.toFloatArray(), inParts.toFloatArray());
    }
  }

  @Test
  void whatARangeThrowsIsThrown() {
    IllegalStateException thrown = new IllegalStateException("of the body");
    assertEquals(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () ->
                TWO.byRows(
                    300,
                    1,
                    (from, _) -> {
                      if (from > 0) {
                        throw thrown;
                      }
                    })));
  }
}
