package io.qgpo.data;

/**
 * A data file or a logged array that cannot be used, told in one sentence: where (file, key, row),
 * what was expected, what was found.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Twelve lines of a terminal. */
  private static final int LONGEST = 960;

  private DataException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A fault of a whole file.
   *
   * @param source file or data set name
   * @param expected what a valid file has there
   * @param found what this one has
   */
  public static DataException ofFile(String source, String expected, String found) {
    return new DataException(sentence(source, expected, found), null);
  }

  /**
   * A fault that another reader has told in one sentence.
   *
   * @param cause what the reader threw; its message becomes this one's
   */
  public static DataException of(RuntimeException cause) {
    return new DataException(printable(String.valueOf(cause.getMessage())), cause);
  }

  /** A fault of one key (one array) of a file. */
  public static DataException ofKey(String source, String key, String expected, String found) {
    return new DataException(sentence(source + ", key '" + key + "'", expected, found), null);
  }

  /** A fault of one row (counted from 0) of one key. */
  public static DataException ofRow(
      String source, String key, long row, String expected, String found) {
    return new DataException(
        sentence(source + ", key '" + key + "', row " + row, expected, found), null);
  }

  /** This fault with the exception that brought it to light, for a debugger. */
  public DataException causedBy(Throwable cause) {
    return new DataException(getMessage(), cause);
  }

  private static String sentence(String where, String expected, String found) {
    return printable(where + ": expected " + expected + ", found " + found);
  }

  /**
   * Names and decoder messages may carry bytes of a broken file: no control character may reach a
   * terminal, and no message may fill it.
   */
  private static String printable(String text) {
    String safe = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    return safe.length() <= LONGEST ? safe : safe.substring(0, LONGEST) + "...";
  }
}
