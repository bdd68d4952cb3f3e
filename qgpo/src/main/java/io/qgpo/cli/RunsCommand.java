package io.qgpo.cli;

import io.qgpo.algorithm.ConfigException;
import io.qgpo.report.ReturnSeries.Point;
import io.qgpo.report.RunSummary;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.RunException;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists runs. */
@Command(
    name = "runs",
    description = "Lists the runs in a folder: how far each has come, and what it earns.",
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {"  qgpo runs", "  qgpo runs sweeps/beta"})
final class RunsCommand implements Callable<Integer> {
  /** Below tables that have returns at guidance scale 1. */
  static final String RETURNS = "return at 1: mean and standard error over episodes, at guidance 1";

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "Folder of run folders; default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("runs");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Path> runs = runs();
    PrintWriter out = spec.commandLine().getOut();
    if (runs.isEmpty()) {
      out.println("No runs in " + folder);
      return Main.done(out);
    }
    var table = new TextTable().row(List.of("run", "environment", "seed", "state", "return at 1"));
    for (Path run : runs) {
      table.row(row(run));
    }
    out.print(table.text());
    out.println(RETURNS);
    return Main.done(out);
  }

  private static List<String> row(Path run) {
    String name = String.valueOf(run.getFileName());
    try {
      RunSummary summary = RunSummary.of(run);
      return List.of(
          name,
          summary.environment().orElse("-"),
          Long.toString(summary.seed()),
          summary.state(),
          summary.exactReturn().map(Point::text).orElse("-"));
    } catch (TensorFileException
        | ConfigException
        | RunException
        | IllegalArgumentException e) { // one damaged run is not to hide the others
      return List.of(name, "-", "-", "damaged: " + e.getMessage(), "-");
    }
  }

  private List<Path> runs() {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("runs: expected a folder of runs, found none at " + folder);
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(RunDirectory::isRun).sorted().toList();
    } catch (IOException e) {
      throw TensorFileException.io(folder, "list", e);
    }
  }
}
