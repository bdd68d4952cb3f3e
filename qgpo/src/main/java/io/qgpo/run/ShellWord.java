package io.qgpo.run;

import java.io.File;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Paths in command lines that are printed to be pasted. */
public final class ShellWord {
  /** What no shell gives a meaning to; the backslash is Windows' own. */
  private static final Pattern PLAIN =
      Pattern.compile(File.separatorChar == '\\' ? "[\\w@%+=:,./\\\\-]+" : "[\\w@%+=:,./-]+");

  private ShellWord() {}

  /** The path as one word: as it is where that will do, in quotes where not. */
  public static String of(Path path) {
    String text = path.toString();
    if (PLAIN.matcher(text).matches()) {
      return text;
    }
    return File.separatorChar == '\\'
        ? '"' + text + '"' // which no name there may hold
        : "'" + text.replace("'", "'\\''") + "'";
  }
}
