package io.qgpo.cli;

/** How examples stand below the options of a command. */
final class Examples {
  /** Each line below begins with two spaces. */
  static final String HEADING = "%nExamples:%n";

  private Examples() {}
}
