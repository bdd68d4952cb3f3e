package io.qgpo.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.cpu.ScalarBackend;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private final Backend backend = new ScalarBackend();

  private Tensor vector(int n) {
    return Tensor.empty(backend, DType.FLOAT32, Shape.of(n));
  }

  @Test
  void handsTheSameStorageOutAgain() {
    Storage first;
    try (Scope scope = Scope.open("step 1")) {
      assertSame(scope, Scope.current());
      first = vector(100).storage();
      assertNotSame(first, vector(100).storage(), "two tensors of one scope share nothing");
    }
    try (Scope _ = Scope.open("step 2")) {
      Storage again = vector(101).storage();
      Storage other = vector(101).storage();
      assertTrue(first == again || first == other, "sizes 100 and 101 are of one class");
      assertNotSame(first, Tensor.empty(backend, DType.FLOAT64, Shape.of(100)).storage());
    }
    assertNull(Scope.current());
    assertFalse(Scope.isOpen());
  }

  @Test
  void outsideAnyScopeStorageIsExact() {
    assertEquals(100, vector(100).storage().size());
  }

  @Test
  void aTensorUsedAfterItsScopeThrowsNamingIt() {
    Tensor tensor;
    Tensor view;
    try (Scope _ = Scope.open("behaviour step")) {
      tensor = vector(6);
      view = tensor.columns(1, 3);
    }
    String expected =
        "Tensor FLOAT32 [6] is used after the scope 'behaviour step' that held it gave its"
            + " storage back; keep it with scope.escape(tensor)";
    assertEquals(
        expected, assertThrows(IllegalStateException.class, tensor::toFloatArray).getMessage());
    assertThrows(IllegalStateException.class, view::storage);
    assertThrows(IllegalStateException.class, () -> tensor.columns(0, 1));
    assertThrows(IllegalStateException.class, () -> backend.fill(tensor, 1));
  }

  @Test
  void escapeHandsToTheScopeAround() {
    Tensor kept;
    Tensor keptTwice;
    try (Scope outer = Scope.open("outer")) {
      try (Scope inner = Scope.open("inner")) {
        kept = inner.escape(vector(3));
        keptTwice = inner.escape(vector(3));
        assertSame(kept, outer.escape(kept), "it is the outer scope's by now");
      }
      keptTwice.storage();
      outer.escape(keptTwice);
    }
    keptTwice.storage();
    kept.storage();
  }

  @Test
  void whatDoesNotEscapeAllTheWayEnds() {
    Tensor kept;
    try (Scope _ = Scope.open("outer")) {
      try (Scope inner = Scope.open("inner")) {
        kept = inner.escape(vector(3));
      }
      kept.storage();
    }
    assertThrows(IllegalStateException.class, kept::storage);
  }

  @Test
  void anotherScopesTensorIsLeftAlone() {
    Tensor free = vector(3);
    try (Scope _ = Scope.open("outer")) {
      Tensor outers = vector(3);
      try (Scope inner = Scope.open("inner")) {
        assertSame(free, inner.escape(free));
        inner.release(free);
        inner.release(outers);
        assertSame(outers, inner.escape(outers));
      }
      outers.storage();
    }
    free.storage();
  }

  @Test
  void releaseGivesBackAtOnce() {
    try (Scope scope = Scope.open("step")) {
      Tensor early = vector(50);
      Storage storage = early.storage();
      scope.release(early);
      assertThrows(IllegalStateException.class, early::storage);
      Tensor next = vector(50);
      assertSame(storage, next.storage());
      next.storage();
    }
    try (Scope _ = Scope.open("step")) {
      assertNotSame(vector(50).storage(), vector(50).storage(), "given back once, not twice");
    }
  }

  @Test
  void scopesCloseInsideOut() {
    Scope outer = Scope.open("outer");
    Scope inner = Scope.open("inner");
    assertEquals(
        "Scope.close: scope 'outer' is not the innermost one of this thread; close 'inner'"
            + " first, best with try-with-resources",
        assertThrows(IllegalStateException.class, outer::close).getMessage());
    inner.close();
    inner.close();
    assertSame(outer, Scope.current());
    assertEquals(
        "Scope.escape: scope 'inner' is closed",
        assertThrows(IllegalStateException.class, () -> inner.escape(vector(1))).getMessage());
    assertEquals(
        "Scope.release: scope 'inner' is closed",
        assertThrows(IllegalStateException.class, () -> inner.release(vector(1))).getMessage());
    outer.close();
  }

  @Test
  void scopesBelongToTheirThread() {
    try (Scope scope = Scope.open("here")) {
      Tensor tensor = vector(3);
      assertFalse(CompletableFuture.supplyAsync(Scope::isOpen).join());
      assertRefusedElsewhere("close", scope::close);
      assertRefusedElsewhere("escape", () -> scope.escape(tensor));
      assertRefusedElsewhere("release", () -> scope.release(tensor));
      // Neither handed on nor given back.
      assertSame(tensor.storage(), scope.escape(tensor).storage());
    }
  }

  private static void assertRefusedElsewhere(String method, Runnable call) {
    Throwable thrown =
        CompletableFuture.runAsync(call).handle((_, exception) -> exception.getCause()).join();
    assertEquals(IllegalStateException.class, thrown.getClass());
    assertEquals(
        "Scope." + method + ": scope 'here' belongs to another thread; use and close it there",
        thrown.getMessage());
  }

  @Test
  void storageIsNotCleared() throws Exception {
    assertEquals("1.0 1.0", runFreshJvm("-Dqgpo.poison=false"));
  }

  @Test
  void poisonMarksWhatNobodyWrote() throws Exception {
    assertEquals("NaN NaN", runFreshJvm("-Dqgpo.poison=true"));
  }

  private static String runFreshJvm(String property) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = placeOf(Scope.class) + File.pathSeparator + placeOf(ReadUnwritten.class);
    Process process =
        new ProcessBuilder(List.of(java, property, "-cp", classPath, ReadUnwritten.class.getName()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes()).strip();
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  private static Path placeOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** Reads recycled storage that holds 1 unless it is poisoned. */
  static final class ReadUnwritten {
    public static void main(String[] args) {
      Backend backend = new ScalarBackend();
      try (Scope _ = Scope.open("first")) {
        backend.fill(Tensor.empty(backend, DType.FLOAT32, Shape.of(2)), 1);
      }
      try (Scope _ = Scope.open("second")) {
        float[] found = Tensor.empty(backend, DType.FLOAT32, Shape.of(2)).toFloatArray();
        System.out.println(found[0] + " " + found[1]);
      }
    }
  }
}
