package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ElfSonameTest {
  private static final String FROM = "libcublas.so.12";
  private static final String TO = "libcublas.so.13";

  @Test
  void jcublasAsksForTheOtherLibrary() throws IOException {
    byte[] library = NativeLibraries.bytes("JCublas2");
    byte[] changed = ElfSoname.replace(library, FROM, TO);
    assertEquals(library.length, changed.length);
    // As a string of its own: what is not loaded keeps symbols that end in the old name.
    assertTrue(text(library).contains("\0" + FROM + "\0"));
    assertFalse(text(changed).contains("\0" + FROM + "\0"));
    assertTrue(text(changed).contains("\0" + TO + "\0"));
    int differing = 0;
    for (int i = 0; i < library.length; i++) {
      differing += library[i] != changed[i] ? 1 : 0;
    }
    // The last letter of each name, and the hash of the version, of which the low digit differs.
    assertTrue(differing >= 2 && differing <= 8, "bytes changed: " + differing);
    assertEquals(text(library), text(ElfSoname.replace(changed, TO, FROM)));
  }

  @Test
  void hashesAsTheLinkerDoes() {
    // The example of the LSB's tables: the version GLIBC_2.2.5.
    assertEquals(0x09691a75, ElfSoname.hash("GLIBC_2.2.5"));
  }

  @Test
  void refusesWhatItCannotChange() throws IOException {
    byte[] library = NativeLibraries.bytes("JCublas2");
    assertThrows(
        IllegalArgumentException.class, () -> ElfSoname.replace(library, FROM, "libcublas.so"));
    assertThrows(
        IllegalArgumentException.class,
        () -> ElfSoname.replace(library, "libabsent.so.12", "libabsent.so.13"));
    assertThrows(IllegalArgumentException.class, () -> ElfSoname.replace(new byte[100], FROM, TO));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
