package io.qgpo.cli;

import io.qgpo.export.OnnxExport;
import io.qgpo.export.StateDict;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.RunWeights;
import io.qgpo.run.TrainedPolicy;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a policy for other programs. */
@Command(
    name = "export",
    description = {
      "Writes the policy of a run as a file that other programs load.",
      "onnx: a graph for ONNX Runtime and others. The sampler takes 'state' and 'noise', which the"
          + " caller draws from the standard normal distribution, and gives 'action'; --part writes"
          + " a network alone.",
      "safetensors: the weights, by the names of the authors' PyTorch code; 'qgpo import' reads"
          + " them."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo export --run runs/hopper --format onnx --out hopper.onnx",
      "  qgpo export --run runs/hopper --format onnx --part energy --out energy.onnx",
      "  qgpo export --run runs/hopper --format safetensors --out hopper.safetensors"
    })
final class ExportCommand implements Callable<Integer> {
  private enum Format {
    ONNX,
    SAFETENSORS
  }

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "Folder of a trained run.")
  private Path run;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      required = true,
      description = "onnx or safetensors.")
  private String format;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file to write.")
  private Path out;

  @Option(
      names = "--part",
      paramLabel = "NAME",
      description = "Of onnx: sampler (default), score, energy or critic.")
  private String part;

  @Option(
      names = "--guidance",
      paramLabel = "W",
      description =
          "Of the sampler: guidance scale; default: 1, the exact policy. With others no policy"
              + " exp(W beta Q) is sampled: 'qgpo help exactness'.")
  private Double guidance;

  @Mixin private CheckpointOption checkpointOption;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Format chosen = choice("--format", format, Format.values());
    OnnxExport.Part chosenPart =
        part == null ? OnnxExport.Part.SAMPLER : choice("--part", part, OnnxExport.Part.values());
    if (chosen == Format.SAFETENSORS && (part != null || guidance != null)) {
      throw new UsageException(
          "--format safetensors: writes all weights; leave out --part and --guidance");
    }
    if (chosenPart != OnnxExport.Part.SAMPLER && guidance != null) {
      throw new UsageException("--guidance: only the sampler has a guidance scale; leave it out");
    }
    double scale = guidance == null ? 1 : guidance + 0.0; // of -0, 0
    if (!TrainedPolicy.isGuidanceScale(scale)) {
      throw new UsageException("--guidance: expected a number from 0 to 1000, found " + scale);
    }
    String checkpoint = checkpointOption.which();
    OutputFile.requireWritable("--out", out);
    refuseFileOfARun();
    PrintWriter log = spec.commandLine().getErr();
    RunWeights weights = RunWeights.load(run, checkpoint, log::println);
    if (chosen == Format.ONNX) {
      OnnxExport.write(out, weights, chosenPart, scale);
    } else {
      StateDict.write(out, weights);
    }
    PrintWriter output = spec.commandLine().getOut();
    output.println(out);
    return Main.done(output);
  }

  /** A slip of the fingers must not cost a run its settings or a checkpoint. */
  private void refuseFileOfARun() {
    Path folder = out.toAbsolutePath().normalize().getParent();
    boolean ofARun =
        RunDirectory.isRun(folder)
            || folder.getParent() != null && RunDirectory.isRun(folder.getParent());
    if (Files.exists(out) && ofARun) {
      throw new UsageException(
          "--out: expected a new file, found %s, a file of a run".formatted(out));
    }
  }

  private static <E extends Enum<E>> E choice(String option, String text, E[] choices) {
    StringBuilder names = new StringBuilder();
    for (E choice : choices) {
      String name = choice.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return choice;
      }
      names.append(names.isEmpty() ? "" : ", ").append(name);
    }
    throw new UsageException("%s: expected one of %s, found '%s'".formatted(option, names, text));
  }
}
