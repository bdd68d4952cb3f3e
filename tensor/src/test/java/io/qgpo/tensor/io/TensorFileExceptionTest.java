package io.qgpo.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TensorFileExceptionTest {
  private static String reason(Exception cause) {
    return TensorFileException.io(Path.of("a"), "read", cause).getMessage();
  }

  @Test
  void saysWhatTheSystemSaid() {
    assertEquals("Could not read a: no permission for b.", reason(new AccessDeniedException("b")));
    assertEquals("Could not read a: Disk gone.", reason(new IOException("Disk gone.")));
    assertEquals("Could not read a: java.io.IOException.", reason(new IOException()));
  }

  @Test
  void noControlCharacterReachesATerminal() {
    assertEquals(
        "f?, byte 1: expected 'a\\u001b', found ?.",
        TensorFileException.content("f\n", "byte 1", TensorFileException.quote("a\u001b"), "\u0007")
            .getMessage());
  }

  @Test
  void quotesAreCut() {
    assertEquals("'" + "x".repeat(80) + "...'", TensorFileException.quote("x".repeat(81)));
    assertEquals("'" + "x".repeat(80) + "'", TensorFileException.quote("x".repeat(80)));
  }
}
