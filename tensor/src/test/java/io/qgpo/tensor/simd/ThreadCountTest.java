package io.qgpo.tensor.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.contract.Bench;
import io.qgpo.tensor.contract.Primitive;
import io.qgpo.tensor.contract.Primitives;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every primitive gives the same bits for every number of threads. */
class ThreadCountTest {
  @Test
  void threadsDoNotChangeBits() {
    SimdBackend one = new SimdBackend(1);
    SimdBackend[] others = {new SimdBackend(2), new SimdBackend(3), new SimdBackend(7)};
    List<Primitive> primitives = new ArrayList<>(Primitives.all(2050, 17));
    primitives.addAll(Primitives.all(2, 20000));
    for (Primitive primitive : primitives) {
      Bench expected = run(one, primitive);
      for (SimdBackend many : others) {
        compare(expected, run(many, primitive), many.description());
      }
    }
  }

  private static Bench run(SimdBackend backend, Primitive primitive) {
    return new Bench(backend, DType.FLOAT32, primitive, Bench.Layout.CONTIGUOUS, false).run();
  }

  private static void compare(Bench expected, Bench found, String how) {
    for (int i = 0; i < expected.tensors.length; i++) {
      double[] a = expected.values(i);
      double[] b = found.values(i);
      for (int e = 0; e < a.length; e++) {
        if (Double.doubleToRawLongBits(a[e]) != Double.doubleToRawLongBits(b[e])) {
          String place = ": argument " + i + ", element " + e + ", " + how;
          assertEquals(a[e], b[e], expected.primitive + place);
        }
      }
    }
  }
}
