package io.qgpo.cli;

import io.qgpo.export.StateDict;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.RunInfo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a run of weights that came from elsewhere. */
@Command(
    name = "import",
    description = {
      "Makes a run folder of weights in a safetensors file with the names of the authors' PyTorch"
          + " code, as 'qgpo export --format safetensors' writes it. The policy then acts, is"
          + " evaluated, served and exported as any other; its training cannot go on."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo import hopper.safetensors --out runs/hopper-imported",
      "  qgpo import pytorch.safetensors --like runs/hopper --out runs/theirs"
    })
final class ImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The weights.")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the run to make.")
  private Path out;

  @Option(
      names = "--like",
      paramLabel = "RUN",
      description =
          "A run with the settings, states and actions that the weights are for; default: what the"
              + " file itself says, if qgpo wrote it.")
  private Path like;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (like != null && !RunDirectory.isRun(like)) {
      throw new UsageException("--like: expected the folder of a run, found none in " + like);
    }
    RunInfo info = like == null ? null : RunInfo.read(RunDirectory.configIn(like));
    StateDict.read(file, info).writeTo(out);
    PrintWriter output = spec.commandLine().getOut();
    output.println("Imported. Draw actions with: qgpo sample --run " + out);
    return Main.done(output);
  }
}
