package io.qgpo.cuda;

import java.util.List;

/** What a compiler says of a kernel that it does not take. */
final class CompilerReport {
  /** More tells less. */
  private static final int MOST_LINES = 12;

  private CompilerReport() {}

  /** The errors first, without what only repeats or points at them. */
  static String sentence(String compiler, String output) {
    List<String> lines = output.lines().map(String::strip).filter(l -> !l.isBlank()).toList();
    List<String> errors = lines.stream().filter(line -> line.contains("error")).toList();
    List<String> told = (errors.isEmpty() ? lines : errors).stream().limit(MOST_LINES).toList();
    return "%s does not compile the kernel: %s".formatted(compiler, String.join("\n", told));
  }
}
