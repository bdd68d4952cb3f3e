package io.qgpo.cli;

import static java.util.stream.Collectors.joining;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.io.DatasetConversion;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.FileFormat;
import io.qgpo.data.io.ReadOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns a dataset of one format into one of another. */
@Command(
    name = "convert",
    description = {
      "Writes a dataset in another format: HDF5 in D4RL's layout, Minari, npz or CSV.",
      "Rows, ends of episodes, next_observations and infos come along, as float32 (infos: as they"
          + " are); metadata do not. What was written is read back and compared."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo dataset convert hopper_medium_expert.hdf5 hopper.npz",
      "  qgpo dataset convert hopper_medium_expert.hdf5 hopper-v0 --to minari"
    })
final class DatasetConvertCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "IN",
      converter = DataOptions.DatasetPath.class,
      description = DataOptions.FORMATS + ".")
  private Path in;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      converter = DataOptions.DatasetPath.class,
      description =
          "File to write, ending in .hdf5, .h5, .npz or .csv; for Minari, the folder (or"
              + " minari:ID).")
  private Path out;

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      description = "d4rl, minari, npz or csv; default: by the ending of OUT.")
  private String to;

  @Option(names = "--force", description = "Replace OUT if it exists.")
  private boolean force;

  @Option(
      names = "--max-episode-steps",
      paramLabel = "N",
      description =
          "Where an episode times out if the file has no timeouts; default: ${DEFAULT-VALUE}.")
  private int maxEpisodeSteps = 1000;

  @Mixin private DataOptions data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ConfigTable.key("data.maxEpisodeSteps").accept(maxEpisodeSteps);
    FileFormat format = format();
    ReadOptions options =
        ReadOptions.DEFAULT
            .withStepLimit(maxEpisodeSteps)
            .withColumns(data.columns())
            .keepingExtras();
    LoggedRows rows = DatasetFiles.readRows(in, options);
    DatasetConversion.write(rows, out, format, maxEpisodeSteps, force);
    PrintWriter output = spec.commandLine().getOut();
    output.printf(
        Locale.ROOT,
        "%s: %,d rows, observation %d, action %d%s%n",
        out,
        rows.size(),
        rows.observationSize(),
        rows.actionSize(),
        rows.extras().isEmpty() ? "" : ", " + String.join(", ", rows.extras().keySet()));
    return Main.done(output);
  }

  private FileFormat format() {
    if (to == null) {
      return FileFormat.ofName(out)
          .orElseThrow(
              () ->
                  new UsageException(
                      "OUT: expected a name that ends in .hdf5, .h5, .npz or .csv, or --to, found '"
                          + out
                          + "'"));
    }
    return Arrays.stream(FileFormat.values())
        .filter(format -> format.label().equals(to))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--to: expected one of %s, found '%s'"
                        .formatted(
                            Arrays.stream(FileFormat.values())
                                .map(FileFormat::label)
                                .collect(joining(", ")),
                            to)));
  }
}
