package io.qgpo.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * States from CSV text: one a line, numbers separated by commas, an optional first line of column
 * names. Strict: every line has the same count, every number is finite as float32.
 */
final class StateCsv {
  /** A state of a thousand numbers takes about 20 kB a line. */
  private static final int LONGEST_LINE = 1 << 20;

  private static final int LONGEST_QUOTE = 40;

  /** What Float.parseFloat takes, without its hexadecimal, NaN, Infinity and type suffixes. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private final BufferedReader reader;
  private final String source;
  private final int width;
  private long line;
  private boolean ended;

  /**
   * Reads nothing yet.
   *
   * @param source name of the file, to begin messages with
   * @param width numbers of a state
   */
  StateCsv(Reader reader, String source, int width) {
    this.reader = new BufferedReader(reader);
    this.source = source;
    this.width = width;
  }

  /**
   * The next states.
   *
   * @param most how many at most
   * @return rows x width, row by row; empty at the end
   * @throws UsageException naming line and column of the first fault
   */
  float[] next(int most) {
    float[] states = new float[Math.multiplyExact(Math.min(most, 1024), width)];
    int rows = 0;
    while (rows < most && !ended) {
      String text = readLine();
      if (text == null) {
        break;
      }
      if ((rows + 1) * (long) width > states.length) {
        states = Arrays.copyOf(states, Math.multiplyExact(Math.min(most, 2 * rows), width));
      }
      if (parse(text, states, rows * width)) {
        rows++;
      }
    }
    return Arrays.copyOf(states, rows * width);
  }

  /** Whether the line was a state, not the header. */
  private boolean parse(String text, float[] states, int offset) {
    String[] fields = text.split(",", -1);
    requireWidth(fields, text);
    if (line == 1 && Arrays.stream(fields).noneMatch(StateCsv::looksLikeNumber)) {
      return false;
    }
    for (int column = 0; column < width; column++) {
      states[offset + column] = number(fields[column].strip(), column);
    }
    return true;
  }

  private void requireWidth(String[] fields, String text) {
    if (text.isBlank()) {
      throw fault("", width + " numbers", "an empty line");
    }
    if (fields.length != width) {
      throw fault("", width + " numbers separated by commas", Integer.toString(fields.length));
    }
  }

  private float number(String field, int column) {
    if (!NUMBER.matcher(field).matches()) {
      throw fault(", column " + (column + 1), "a finite number", quote(field));
    }
    float value = Float.parseFloat(field);
    if (!Float.isFinite(value)) {
      throw fault(", column " + (column + 1), "a number below 3.4e38 in size", quote(field));
    }
    return value;
  }

  /** Numbers, and what other programs write for those that are missing or not finite. */
  private static boolean looksLikeNumber(String field) {
    String text = field.strip();
    return NUMBER.matcher(text).matches() || text.matches("(?i)[+-]?(nan|inf|infinity)|");
  }

  private String readLine() {
    var text = new StringBuilder();
    try {
      int c = reader.read();
      if (line == 0 && c == '\uFEFF') { // a byte order mark, as spreadsheets write
        c = reader.read();
      }
      line++;
      while (c != '\n' && c != -1) {
        if (text.length() == LONGEST_LINE) {
          throw fault("", "at most " + LONGEST_LINE + " characters", "more");
        }
        text.append((char) c);
        c = reader.read();
      }
      if (c == -1) {
        ended = true;
        if (text.isEmpty()) {
          return null;
        }
      }
    } catch (CharacterCodingException e) {
      throw new UsageException(source + ": expected UTF-8 text, found other bytes", e);
    } catch (IOException e) {
      throw new UsageException(source + " cannot be read: " + e.getMessage(), e);
    }
    int end = text.length();
    return text.substring(0, end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  private UsageException fault(String place, String expected, String found) {
    return new UsageException(
        "%s, line %d%s: expected %s, found %s".formatted(source, line, place, expected, found));
  }

  private static String quote(String text) {
    String cut = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
    return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}
