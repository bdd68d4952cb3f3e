package io.qgpo.cuda;

import io.qgpo.tensor.kernel.KernelException;
import java.io.IOException;
import java.util.List;

/** Runs compilers of kernels, and tells what they say of one that they do not take. */
final class CompilerReport {
  /** More tells less. */
  private static final int MOST_LINES = 12;

  private CompilerReport() {}

  /**
   * Runs a compiler.
   *
   * @param missing what to say if there is none
   * @throws KernelException if there is none, or it ends with an error, with its message
   */
  static void run(List<String> command, String missing) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new KernelException(missing, e);
    }
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new KernelException(sentence(command.getFirst(), output));
    }
  }

  /** The errors first, without what only repeats or points at them. */
  static String sentence(String compiler, String output) {
    List<String> lines = output.lines().map(String::strip).filter(l -> !l.isBlank()).toList();
    List<String> errors = lines.stream().filter(line -> line.contains("error")).toList();
    List<String> told = (errors.isEmpty() ? lines : errors).stream().limit(MOST_LINES).toList();
    return "%s does not compile the kernel: %s".formatted(compiler, String.join("\n", told));
  }
}
