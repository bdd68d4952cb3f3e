package io.qgpo.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Ways in which a file's bytes go wrong. */
final class Damage {
  /** What counters, sizes and addresses have at their ends. */
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    8,
    63,
    64,
    127,
    128,
    255,
    256,
    4096,
    32_767,
    65_535,
    1 << 20,
    1 << 24,
    1 << 28,
    Integer.MAX_VALUE,
    1L << 31,
    0xffff_ffffL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2
  };

  /** What may be found where a number or a separator was. */
  private static final String[] TEXTS = {
    "",
    ",",
    ",,",
    "\n",
    "\r",
    "\n\n",
    "\"",
    "\"\"",
    "\",\"",
    "nan",
    "inf",
    "-",
    "1e999",
    "0x1p3",
    "1e-999",
    "99999999999999999999999999",
    "true",
    "\0",
    "\u00e9",
    "\uFEFF",
    "s0",
    "s*",
    "infos/x[0]",
    "=1+1",
    "--1",
    " ",
    "\t",
    ";",
    "1,5",
    "1_000",
    "[0]",
    "ignore",
    "{",
    "}",
    ":",
    "'",
    "(",
    ")"
  };

  /** Bytes at the front that are hit more often: headers lie there. */
  private static final int HEADER = 2048;

  /** Bytes of most of HDF5's structures. */
  private static final int STRUCTURE = 160;

  private Damage() {}

  /** A damaged copy of {@code sound}, one to four times hit. */
  static byte[] of(byte[] sound, boolean text, SplittableRandom random) {
    byte[] bytes = sound.clone();
    int hits = 1 + Math.min(random.nextInt(4), random.nextInt(4));
    for (int i = 0; i < hits && bytes.length > 0; i++) {
      bytes = hit(bytes, text, random);
    }
    return bytes;
  }

  private static byte[] hit(byte[] bytes, boolean text, SplittableRandom random) {
    int at = place(bytes, random);
    int length = Math.min(bytes.length - at, 1 << random.nextInt(10));
    return switch (random.nextInt(text ? 10 : 9)) {
      case 0 -> flipBits(bytes, random);
      case 1 -> overwrite(bytes, at, Math.min(length, 8), random);
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> splice(bytes, at, 0, randomBytes(length, random));
      case 4 -> splice(bytes, at, length, new byte[0]);
      case 5 -> swap(bytes, at, place(bytes, random), length);
      case 6 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
      case 7, 8 -> number(bytes, at, random);
      default -> {
        byte[] token = TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
        yield splice(bytes, at, random.nextInt(4) == 0 ? Math.min(length, 8) : 0, token);
      }
    };
  }

  /** Anywhere, at the front, or behind four capital letters, as HDF5's structures begin. */
  private static int place(byte[] bytes, SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt(bytes.length);
      case 1 -> random.nextInt(Math.min(bytes.length, HEADER));
      default -> {
        int at = random.nextInt(bytes.length);
        while (at < bytes.length - 4 && !isSignature(bytes, at)) {
          at++;
        }
        yield Math.min(bytes.length - 1, at + random.nextInt(STRUCTURE));
      }
    };
  }

  private static boolean isSignature(byte[] bytes, int at) {
    for (int i = at; i < at + 4; i++) {
      if (bytes[i] < 'A' || bytes[i] > 'Z') {
        return false;
      }
    }
    return true;
  }

  private static byte[] flipBits(byte[] bytes, SplittableRandom random) {
    int flips = 1 + random.nextInt(16);
    for (int i = 0; i < flips; i++) {
      bytes[place(bytes, random)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] overwrite(byte[] bytes, int at, int length, SplittableRandom random) {
    System.arraycopy(randomBytes(length, random), 0, bytes, at, length);
    return bytes;
  }

  private static byte[] swap(byte[] bytes, int a, int b, int length) {
    int count = Math.min(length, bytes.length - Math.max(a, b));
    byte[] first = Arrays.copyOfRange(bytes, a, a + count);
    System.arraycopy(bytes, b, bytes, a, count);
    System.arraycopy(first, 0, bytes, b, count);
    return bytes;
  }

  private static byte[] number(byte[] bytes, int at, SplittableRandom random) {
    long value = NUMBERS[random.nextInt(NUMBERS.length)];
    int width = 1 << random.nextInt(4);
    int aligned = random.nextBoolean() ? at / width * width : at;
    ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
    System.arraycopy(buffer.array(), 0, bytes, aligned, Math.min(width, bytes.length - aligned));
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    byte[] out = new byte[bytes.length - removed + inserted.length];
    System.arraycopy(bytes, 0, out, 0, at);
    System.arraycopy(inserted, 0, out, at, inserted.length);
    int rest = at + removed;
    System.arraycopy(bytes, rest, out, at + inserted.length, bytes.length - rest);
    return out;
  }

  private static byte[] randomBytes(int length, SplittableRandom random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
