package io.qgpo.data;

/**
 * A data file or a logged array that cannot be used, told in one sentence: where (file, key, row),
 * what was expected, what was found.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

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
  DataException causedBy(Throwable cause) {
    return new DataException(getMessage(), cause);
  }

  private static String sentence(String where, String expected, String found) {
    String text = where + ": expected " + expected + ", found " + found;
    // Names and decoder messages may carry bytes of a broken file: none may reach a terminal raw.
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
