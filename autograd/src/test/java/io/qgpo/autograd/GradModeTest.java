package io.qgpo.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.autograd.op.Elementwise;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GradModeTest {
  private static final String MISUSE =
      "GradMode.close: expected the switch opened last on this thread, and not closed yet; close in"
          + " reverse order on the thread that opened it, best with try-with-resources";

  @Test
  void nests() {
    assertTrue(GradMode.isOn());
    try (GradMode _ = GradMode.off()) {
      assertFalse(GradMode.isOn());
      try (GradMode _ = GradMode.on()) {
        assertTrue(GradMode.isOn());
        try (GradMode _ = GradMode.off()) {
          assertFalse(GradMode.isOn());
        }
        assertTrue(GradMode.isOn());
      }
      assertFalse(GradMode.isOn());
      try (GradMode _ = GradMode.off()) {
        assertFalse(GradMode.isOn());
      }
      assertFalse(GradMode.isOn());
    }
    assertTrue(GradMode.isOn());
  }

  @Test
  void decidesWhatIsRecorded() {
    Var x = Var.parameter(Tensor.of(Backends.choose("scalar", 1).backend(), Shape.of(1), 1f));
    Var before = Elementwise.exp(x);
    try (GradMode _ = GradMode.off()) {
      assertFalse(Elementwise.exp(x).requiresGrad());
      assertFalse(Tape.record("own", x.value(), (g, node) -> node.give(0, g), x).requiresGrad());
      assertFalse(Tape.records(x, null, null, null));
      assertTrue(before.requiresGrad());
    }
    assertTrue(Elementwise.exp(x).requiresGrad());
    assertFalse(Elementwise.exp(x.detach()).requiresGrad());
    assertTrue(Tape.records(x, null, null, null));
    assertTrue(Tape.records(null, x, null, null));
    assertTrue(Tape.records(null, x.detach(), x, null));
    assertTrue(Tape.records(null, null, null, x));
    assertFalse(Tape.records(null, x.detach(), null, x.detach()));
  }

  @Test
  void isOfOneThread() {
    try (GradMode _ = GradMode.off()) {
      assertTrue(CompletableFuture.supplyAsync(GradMode::isOn).join());
    }
  }

  private static void assertMisuse(GradMode mode) {
    assertEquals(MISUSE, assertThrows(IllegalStateException.class, mode::close).getMessage());
  }

  @Test
  @SuppressWarnings("resource")
  void closingOutOfOrderIsRefusedAtOnce() {
    GradMode outer = GradMode.off();
    GradMode middle = GradMode.on();
    GradMode inner = GradMode.off();
    assertMisuse(outer);
    assertMisuse(middle);
    assertFalse(GradMode.isOn());
    inner.close();
    middle.close();
    outer.close();
    assertTrue(GradMode.isOn());
  }

  @Test
  @SuppressWarnings("resource")
  void closingTwiceIsRefused() {
    GradMode mode = GradMode.on();
    mode.close();
    assertMisuse(mode);
    assertTrue(GradMode.isOn());
  }

  @Test
  @SuppressWarnings("resource")
  void closingOnAnotherThreadIsRefused() {
    try (GradMode mode = GradMode.off()) {
      CompletableFuture.runAsync(() -> assertMisuse(mode)).join();
    }
    assertTrue(GradMode.isOn());
  }
}
