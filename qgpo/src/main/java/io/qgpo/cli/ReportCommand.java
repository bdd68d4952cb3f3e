package io.qgpo.cli;

import io.qgpo.report.RunReport;
import io.qgpo.tensor.io.AtomicFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the page of a run. */
@Command(
    name = "report",
    description = {
      "Writes what happened in a run as a page that needs nothing but itself: losses, returns,"
          + " support actions, settings. Training writes it at its end; this does so at any time,"
          + " for a run that goes on, too."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {"  qgpo report runs/hopper", "  qgpo report runs/hopper --out hopper.html"})
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Folder of a run.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "FILE.html",
      description = "Where to; default: report.html in the run.")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    OutputFile.requireWritable("--out", out);
    Path file = out == null ? run.resolve(RunReport.FILE) : out;
    AtomicFiles.writeText(file, RunReport.html(run));
    PrintWriter output = spec.commandLine().getOut();
    output.println(file);
    return Main.done(output);
  }
}
