package io.qgpo.cli;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.algorithm.QgpoConfig.EvaluationConfig;
import io.qgpo.env.Drawable;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.MazePicture;
import io.qgpo.env.catalog.Environments;
import io.qgpo.run.EnvironmentName;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.RunEvaluation;
import io.qgpo.run.StopRequest;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.io.AtomicFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a trained policy in its environment. */
@Command(
    name = "evaluate",
    description = {
      "Plays episodes with the policy of a run folder and prints the returns for each guidance"
          + " scale, beside unimodal cloning and, where there is one, a policy by hand.",
      "Only scale 1 samples the exact policy; 0 is the behaviour. How far another scale W is from"
          + " exp(W beta Q), 'qgpo help exactness' shows on examples."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo evaluate --run runs/hopper --scales 0,1,2 --episodes 100",
      "  qgpo evaluate --run runs/hopper --gif hopper.gif",
      "  qgpo evaluate --policy-in-dataset hopper_expert.hdf5 --env hopper-d4rl"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Option(names = "--run", paramLabel = "DIR", description = "Folder of a trained run.")
  private Path run;

  @Option(
      names = "--policy-in-dataset",
      paramLabel = "FILE",
      description =
          "Instead of --run: play with the mean of the policy that recorded this HDF5 file, if it"
              + " carries it under metadata/policy, as D4RL's expert files do.")
  private Path recorded;

  @Option(
      names = "--episodes",
      paramLabel = "N",
      description = "Episodes for each scale; default: the run's setting, or 10.")
  private String episodes;

  @Option(
      names = "--scales",
      paramLabel = "W,...",
      description = "Guidance scales; default: the run's setting.")
  private String scales;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of episodes and of the policy's noise; default: the run's, or 0; for the best checkpoint"
              + " one more than the run's, because that one chose it.")
  private String seed;

  @Mixin private EnvironmentOptions environmentOptions;

  @Mixin private CheckpointOption checkpointOption;

  @Option(
      names = "--report",
      paramLabel = "FILE.json",
      description =
          "Where to write returns and protocol; default: evaluation.json in the run, or"
              + " evaluation-best.json, where an earlier one stays under the time of its making.")
  private Path reportFile;

  @Option(
      names = "--picture",
      paramLabel = "FILE.svg",
      description = "Draw the paths of all episodes, a panel for each policy.")
  private Path pictureFile;

  @Option(
      names = "--gif",
      paramLabel = "FILE.gif",
      description =
          "Film the first episode of one guidance scale, in real time; every environment"
              + " of ours can be filmed, and yours if it implements io.qgpo.env.Drawable.")
  private Path filmFile;

  @Option(
      names = "--gif-scale",
      paramLabel = "W",
      description =
          "Guidance scale that --gif films, one of those evaluated; default: 1, the exact policy,"
              + " or if that is not among them the last.")
  private Double filmScale;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter log = spec.commandLine().getErr();
    try (StopRequest _ =
        StopRequest.install("Stopped before the end of the evaluation.", log::println)) {
      return evaluate(log);
    }
  }

  private int evaluate(PrintWriter log) {
    Map<String, Object> changes = new LinkedHashMap<>();
    change(changes, "evaluation.episodes", episodes);
    change(changes, "evaluation.guidanceScales", scales);
    change(changes, "seed", seed);
    String checkpoint = checkpointOption.which();
    if (filmScale != null && filmFile == null) {
      throw new UsageException("--gif-scale: expected together with --gif, found alone");
    }
    Optional<EnvironmentName> named = environmentOptions.environment();
    if ((run == null) == (recorded == null)) {
      throw new UsageException(
          "--run: expected either it or --policy-in-dataset, found "
              + (run == null ? "neither" : "both"));
    }
    if (recorded != null) {
      return playRecorded(named, changes);
    }
    OutputFile.requireWritable("--report", reportFile);
    OutputFile.requireWritable("--picture", pictureFile);
    OutputFile.requireWritable("--gif", filmFile);
    Backend backend = QgpoCommand.globalOptions(spec.commandLine()).choose(log).backend();
    TrainedPolicy policy = TrainedPolicy.load(run, checkpoint, backend, log::println);
    if (reportFile == null) {
      Path file = EvaluationReport.fileIn(run, checkpoint);
      OutputFile.requireWritable(
          file.getFileName() + ", for which --report names another place", file);
    }
    EnvironmentSpec environment = environment(named, policy);
    QgpoConfig settings = policy.info().settings().with(changes);
    boolean othersChose = seed == null && checkpoint.equals(TrainedPolicy.BEST);
    long episodeSeed = settings.seed() + (othersChose ? 1 : 0);
    var evaluation = new RunEvaluation(policy, environment);
    var picture = new MazePicture();
    if (pictureFile != null) {
      requirePointMaze(environment);
      evaluation.observedBy(picture::panel);
    }
    RolloutFilm film = null;
    if (filmFile != null) {
      requireDrawable(environment);
      film = new RolloutFilm(evaluation, filmedScale(settings.evaluation()));
    }
    EvaluationReport report = evaluation.report(settings.evaluation(), episodeSeed, log::println);
    PrintWriter out = spec.commandLine().getOut();
    out.print(ReturnTable.text(report));
    out.flush(); // whatever becomes of the files
    if (reportFile == null) {
      report.keepIn(run);
    } else {
      report.write(reportFile);
    }
    if (pictureFile != null) {
      AtomicFiles.writeText(pictureFile, picture.toSvg());
    }
    if (film != null) {
      film.write(filmFile);
    }
    return Main.done(out);
  }

  private int playRecorded(Optional<EnvironmentName> named, Map<String, Object> changes) {
    boolean forRuns =
        scales != null
            || pictureFile != null
            || filmFile != null
            || !checkpointOption.which().equals(TrainedPolicy.LAST);
    if (forRuns) {
      throw new UsageException(
          "--policy-in-dataset: has no scales, checkpoints or pictures; leave out --scales,"
              + " --checkpoint, --picture and --gif");
    }
    OutputFile.requireWritable("--report", reportFile);
    EnvironmentSpec environment =
        named
            .orElseThrow(
                () ->
                    new UsageException(
                        "--policy-in-dataset: expected --env with the environment to play in,"
                            + " found none"))
            .spec();
    QgpoConfig settings = Presets.config("paper").with(changes);
    EvaluationReport report =
        RunEvaluation.recorded(
            recorded, environment, settings.evaluation().episodes(), settings.seed());
    PrintWriter out = spec.commandLine().getOut();
    out.print(ReturnTable.text(report));
    out.flush();
    if (reportFile != null) {
      report.write(reportFile);
    }
    return Main.done(out);
  }

  private EnvironmentSpec environment(Optional<EnvironmentName> named, TrainedPolicy policy) {
    return named
        .or(policy.info()::environment)
        .orElseThrow(
            () ->
                new UsageException(
                    "--env: the run "
                        + run
                        + " was trained without an environment; name the one that its data were"
                        + " recorded in, or draw its actions with 'sample'"))
        .spec();
  }

  private static void requirePointMaze(EnvironmentSpec environment) {
    if (!environment.name().equals(Environments.POINT_MAZE)) {
      throw new UsageException(
          "--picture: draws the episodes of pointmaze alone, found " + environment.name());
    }
  }

  private static void requireDrawable(EnvironmentSpec environment) {
    if (!RolloutFilm.isPossible(environment)) {
      throw new UsageException(
          "--gif: %s cannot be drawn; have its class implement %s, or leave the option out"
              .formatted(environment.name(), Drawable.class.getName()));
    }
  }

  private double filmedScale(EvaluationConfig settings) {
    List<Double> scales = settings.guidanceScales();
    if (filmScale == null) {
      return RolloutFilm.usualScale(settings);
    }
    if (!scales.contains(filmScale)) {
      throw new UsageException(
          "--gif-scale: expected one of the scales that are evaluated, %s, found %s"
              .formatted(scales, filmScale));
    }
    return filmScale;
  }

  private static void change(Map<String, Object> changes, String key, String value) {
    if (value != null) {
      changes.put(key, ConfigTable.key(key).accept(value));
    }
  }
}
