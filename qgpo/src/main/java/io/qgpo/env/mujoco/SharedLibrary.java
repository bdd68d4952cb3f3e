package io.qgpo.env.mujoco;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a file is a library that a system can load, by its first bytes: of anything else the JVM
 * says more on standard output than a user should have to read.
 */
final class SharedLibrary {
  private static final int ELF = 0x7F454C46;

  /** Mach-O in either order of bytes, of 32 and of 64 bits, and for several processors. */
  private static final int[] MACH_O = {
    0xFEEDFACE, 0xFEEDFACF, 0xCEFAEDFE, 0xCFFAEDFE, 0xCAFEBABE, 0xBEBAFECA
  };

  /** The letters MZ, which a file of Windows begins with. */
  private static final int PE = 0x4D5A;

  private SharedLibrary() {}

  /**
   * Whether it is one, of whatever system.
   *
   * @throws IOException if it cannot be read
   */
  static boolean is(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(Integer.BYTES);
    }
    if (head.length < Integer.BYTES) {
      return false;
    }
    int magic = ByteBuffer.wrap(head).getInt();
    for (int machO : MACH_O) {
      if (magic == machO) {
        return true;
      }
    }
    return magic == ELF || magic >>> 16 == PE;
  }
}
