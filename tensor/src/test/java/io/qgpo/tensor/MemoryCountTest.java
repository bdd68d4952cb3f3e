package io.qgpo.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryCountTest {
  @Test
  void countsWhatIsTakenAndNotWhatAScopeHandsOutAgain() {
    long bytes =
        MemoryCount.of(
            backend -> {
              Tensor kept = Tensor.zeros(backend, DType.FLOAT32, Shape.of(256, 4));
              for (int i = 0; i < 3; i++) {
                try (Scope _ = Scope.open("step")) {
                  Tensor copy = kept.copy();
                  backend.step("body", () -> backend.unary(UnaryOp.EXP, kept, copy));
                  backend.byRows(256, 1, (from, to) -> kept.rows(from, to).copy());
                }
              }
              Tensor.empty(backend, DType.FLOAT64, Shape.of(10));
            });
    // Kept; the copy, and the one by rows beside it, in each scope; the last.
    assertEquals(3 * 4 * 1024 + 80, bytes);
  }

  @Test
  void nothingOfItStaysInTheCallersScopes() {
    try (Scope scope = Scope.open("outer")) {
      MemoryCount.of(backend -> Tensor.empty(backend, DType.INT32, Shape.of(7)));
      assertTrue(Scope.current() == scope);
    }
  }

  @Test
  void whatFailsIsTold() {
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class,
            () ->
                MemoryCount.of(
                    _ -> {
                      throw new IllegalArgumentException("planted");
                    }));
    assertEquals("planted", failure.getCause().getMessage());
  }

  @Test
  void theMessageSaysAskedFreeHeldAndTheAdvice() {
    DeviceMemoryException full = new DeviceMemoryException("cuMemAlloc", 5, 3, 4);
    assertTrue(full.getMessage().contains("asked for 5 bytes, free 3, held 4"), full.getMessage());
    assertEquals(7, full.available());
    assertEquals(5, full.asked());
    String advised = full.with("take 2").getMessage();
    assertTrue(advised.endsWith("asked for 5 bytes, free 3, held 4; take 2"), advised);
  }
}
