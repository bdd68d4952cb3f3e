package io.qgpo.cli;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.ReadOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what is in a dataset. */
@Command(
    name = "info",
    description =
        "Reads a dataset wholly and prints counts, episode returns, dimensions, action ranges and"
            + " the faults found.",
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo dataset info hopper_medium_expert.hdf5",
      "  qgpo dataset info log.csv --columns ignore=time --max-episode-steps 200"
    })
final class DatasetInfoCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      converter = DataOptions.DatasetPath.class,
      description = DataOptions.FORMATS + ".")
  private Path file;

  @Mixin private DataOptions data;

  @Option(
      names = "--max-episode-steps",
      paramLabel = "N",
      description =
          "Where an episode times out if the file has no timeouts; default: ${DEFAULT-VALUE}.")
  private int maxEpisodeSteps = 1000;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ConfigTable.key("data.maxEpisodeSteps").accept(maxEpisodeSteps);
    PrintWriter out = spec.commandLine().getOut();
    ReadOptions options =
        ReadOptions.DEFAULT.withStepLimit(maxEpisodeSteps).withColumns(data.columns());
    out.print(DatasetFiles.read(file, options).info().toText());
    return Main.done(out);
  }
}
