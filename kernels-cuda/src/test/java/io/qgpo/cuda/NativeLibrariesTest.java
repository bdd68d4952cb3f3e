package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativeLibrariesTest {
  @Test
  void thePrivateFolderIsGoneAndThePropertyAsBefore() {
    String before = System.getProperty("java.io.tmpdir");
    Path[] folder = new Path[1];
    IllegalArgumentException absent =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                NativeLibraries.initialise(
                    "jcuda.Absent",
                    f -> {
                      folder[0] = f;
                      Files.writeString(f.resolve("library.so"), "");
                    }));
    assertEquals("jcuda.Absent is not on the class path", absent.getMessage());
    assertFalse(Files.exists(folder[0]));
    assertEquals(before, System.getProperty("java.io.tmpdir"));
  }

  @Test
  void findsTheLinkersLineInAReportOfTraces() {
    String report =
        """
        Error while loading native library "JCublas2-12.6.0-linux-x86_64"
        java.lang.UnsatisfiedLinkError: no JCublas2 in java.library.path
        java.lang.UnsatisfiedLinkError: /tmp/x/libJCublas2.so: libcublas.so.12: cannot open it
        """;
    assertEquals(
        "/tmp/x/libJCublas2.so: libcublas.so.12: cannot open it",
        NativeLibraries.reason(new UnsatisfiedLinkError(report)));
    assertEquals("short", NativeLibraries.reason(new UnsatisfiedLinkError("short")));
  }

  @Test
  void aLibraryThatIsNotInTheJarIsNamed() {
    assertThrows(IOException.class, () -> NativeLibraries.bytes("JAbsent"));
  }
}
