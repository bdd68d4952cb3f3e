package io.qgpo.benchmarks;

import picocli.CommandLine.Option;

/** Options of all our commands. */
final class CommonOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "this text")
  private boolean help;

  @Option(names = "--threads", description = "CPU threads; the machine's processors if 0")
  private int threads;

  /** CPU threads of each library. */
  int threads() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }
}
