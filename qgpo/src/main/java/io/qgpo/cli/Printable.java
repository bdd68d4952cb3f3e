package io.qgpo.cli;

/** Names of folders and files may hold anything; a terminal would obey what is in them. */
final class Printable {
  private Printable() {}

  /**
   * Text of one line in which every character that is not to be seen is a question mark: control
   * characters, separators of lines, and what turns the direction of text around.
   */
  static String text(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }
}
