package io.qgpo.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes a 64-bit little-endian ELF library ask for another library than the one it was linked with,
 * of a name of equal length. JCublas2 asks for {@code libcublas.so.12}, whose functions that it
 * calls are in {@code libcublas.so.13} with the same signatures.
 *
 * <p>The name stands in the strings of the dynamic section, both as the library needed and as the
 * version of its symbols; of the latter a hash is kept, too (System V ABI, gABI chapter 5; LSB
 * Core, "Symbol Versioning").
 */
final class ElfSoname {
  private static final int STRING_TABLE = 3;
  private static final int VERSIONS_NEEDED = 0x6ffffffe;
  private static final int LOADED = 2;

  private ElfSoname() {}

  /**
   * Replaces a name.
   *
   * @return a changed copy
   * @throws IllegalArgumentException if the lengths differ, the file is no such ELF, or it does not
   *     ask for {@code from}
   */
  static byte[] replace(byte[] library, String from, String to) {
    if (from.length() != to.length()) {
      throw new IllegalArgumentException(
          "ELF: expected a name as long as '" + from + "', found '" + to + "'");
    }
    byte[] changed = library.clone();
    ByteBuffer file = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
    if (changed.length < 64 || file.getInt(0) != 0x464c457f || file.get(4) != 2) {
      throw new IllegalArgumentException("ELF: expected a 64-bit library, found something else");
    }
    int headers = (int) file.getLong(0x28);
    int headerSize = file.getShort(0x3a);
    int replaced = 0;
    for (int i = 0; i < file.getShort(0x3c); i++) {
      int header = headers + i * headerSize;
      int type = file.getInt(header + 4);
      int offset = (int) file.getLong(header + 0x18);
      int size = (int) file.getLong(header + 0x20);
      if (type == STRING_TABLE && (file.getLong(header + 8) & LOADED) != 0) {
        replaced += replaceStrings(changed, offset, offset + size, from, to);
      } else if (type == VERSIONS_NEEDED) {
        replaceHashes(file, offset, hash(from), hash(to));
      }
    }
    if (replaced == 0) {
      throw new IllegalArgumentException("ELF: expected a library that needs " + from);
    }
    return changed;
  }

  private static int replaceStrings(byte[] file, int begin, int end, String from, String to) {
    byte[] wanted = (from + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] written = (to + "\0").getBytes(StandardCharsets.US_ASCII);
    int count = 0;
    for (int at = begin; at + wanted.length <= end; at++) {
      if (Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length)) {
        System.arraycopy(written, 0, file, at, written.length);
        count++;
      }
    }
    return count;
  }

  /** Entries for libraries form a list, each with a list of entries for versions. */
  private static void replaceHashes(ByteBuffer file, int offset, int from, int to) {
    int library = offset;
    int next;
    do {
      int version = library + file.getInt(library + 8);
      for (int i = 0; i < file.getShort(library + 2); i++) {
        if (file.getInt(version) == from) {
          file.putInt(version, to);
        }
        version += file.getInt(version + 12);
      }
      next = file.getInt(library + 12);
      library += next;
    } while (next != 0);
  }

  /** The System V hash of a symbol's name. */
  static int hash(String name) {
    int hash = 0;
    for (byte b : name.getBytes(StandardCharsets.US_ASCII)) {
      hash = (hash << 4) + b;
      int high = hash & 0xf0000000;
      hash = (hash ^ high >>> 24) & ~high;
    }
    return hash;
  }
}
