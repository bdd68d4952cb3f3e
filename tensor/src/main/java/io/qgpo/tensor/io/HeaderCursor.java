package io.qgpo.tensor.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A strict reader over the text header of an array file: the few tokens that safetensors' JSON and
 * npy's Python literal are made of. It never recurses, so no header can exhaust the stack.
 */
final class HeaderCursor {
  private final byte[] bytes;
  private final String file;
  private final long fileOffset;
  private int position;

  /**
   * @param fileOffset where {@code bytes} begin in the file, for messages
   */
  HeaderCursor(byte[] bytes, String file, long fileOffset) {
    this.bytes = bytes;
    this.file = file;
    this.fileOffset = fileOffset;
  }

  /** The fault at the next byte. */
  TensorFileException fault(String expected) {
    return TensorFileException.content(
        file, "byte " + (fileOffset + position), expected, found(position));
  }

  /** A fault about the value just read or about to be read. */
  TensorFileException fault(String expected, String found) {
    return TensorFileException.content(file, "byte " + (fileOffset + position), expected, found);
  }

  /** Skips spaces, then the character if it is next. */
  boolean tryConsume(char c) {
    skipSpace();
    if (position < bytes.length && bytes[position] == c) {
      position++;
      return true;
    }
    return false;
  }

  /** Skips spaces and the character, which must be next. */
  void expect(char c) {
    if (!tryConsume(c)) {
      throw fault("'" + c + "'");
    }
  }

  /** Skips spaces, then the word if it is next. */
  boolean tryConsume(String word) {
    skipSpace();
    byte[] wanted = word.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length - position < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[position + i] != wanted[i]) {
        return false;
      }
    }
    position += wanted.length;
    return true;
  }

  /** Nothing but spaces may follow. */
  void expectEnd() {
    skipSpace();
    if (position != bytes.length) {
      throw fault("the end of the header");
    }
  }

  /** A whole number from 0 to 2^63-1, without sign, leading zeros, fraction or exponent. */
  long wholeNumber() {
    skipSpace();
    int start = position;
    long value = 0;
    while (position < bytes.length && bytes[position] >= '0' && bytes[position] <= '9') {
      int digit = bytes[position] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw fault("a whole number below 2^63", "a larger one");
      }
      value = value * 10 + digit;
      position++;
    }
    if (position == start) {
      throw fault("a whole number");
    }
    if (bytes[start] == '0' && position > start + 1) {
      throw fault("a whole number without leading zeros", "a leading zero");
    }
    if (position < bytes.length && (bytes[position] == '.' || (bytes[position] | 32) == 'e')) {
      throw fault("a whole number");
    }
    return value;
  }

  /** A JSON string. */
  String jsonString() {
    expect('"');
    var text = new StringBuilder();
    int plainFrom = position;
    while (true) {
      byte b = next("a closing quote");
      if (b == '"' || b == '\\') {
        text.append(utf8(plainFrom, position));
        position++;
        if (b == '"') {
          break;
        }
        text.append(escaped());
        plainFrom = position;
      } else if (b >= 0 && b < 0x20) {
        throw fault("no raw control character in a string");
      } else {
        position++;
      }
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw fault("paired surrogates in a string", "a lone one");
    }
    return text.toString();
  }

  /** A Python string literal in either quote, plain printable ASCII without escapes. */
  String pythonString() {
    char quote = tryConsume('"') ? '"' : '\'';
    if (quote == '\'') {
      expect('\'');
    }
    int start = position;
    while (next("a closing quote") != quote) {
      byte b = bytes[position];
      if (b < 0x20 || b == '\\') {
        throw fault("a plain ASCII string");
      }
      position++;
    }
    String text = new String(bytes, start, position - start, StandardCharsets.US_ASCII);
    position++;
    return text;
  }

  private char escaped() {
    byte b = next("an escape");
    position++;
    return switch (b) {
      case '"', '\\', '/' -> (char) b;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int value = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(next("four hexadecimal digits"), 16);
          if (digit < 0) {
            throw fault("four hexadecimal digits");
          }
          value = value << 4 | digit;
          position++;
        }
        yield (char) value;
      }
      default -> {
        position--;
        throw fault("one of \" \\ / b f n r t u after a backslash");
      }
    };
  }

  private byte next(String expected) {
    if (position == bytes.length) {
      throw fault(expected);
    }
    return bytes[position];
  }

  private String utf8(int from, int to) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw fault("valid UTF-8 in a string", "an invalid sequence");
    }
  }

  private void skipSpace() {
    while (position < bytes.length
        && (bytes[position] == ' '
            || bytes[position] == '\n'
            || bytes[position] == '\r'
            || bytes[position] == '\t')) {
      position++;
    }
  }

  private String found(int at) {
    if (at >= bytes.length) {
      return "the end of the header";
    }
    int b = bytes[at] & 0xff;
    return b > 0x20 && b < 0x7f ? "'" + (char) b + "'" : "byte 0x%02x".formatted(b);
  }
}
