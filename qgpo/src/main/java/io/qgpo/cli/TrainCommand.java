package io.qgpo.cli;

import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.env.PointMazeData;
import io.qgpo.run.DataOrigin;
import io.qgpo.run.RunInfo;
import io.qgpo.run.StopRequest;
import io.qgpo.run.TrainingRun;
import io.qgpo.tensor.Backend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Learns a policy. */
@Command(
    name = "train",
    description = {
      "Learns a policy from logged transitions, in a run folder of its own.",
      "Without options: the built-in point maze, in minutes."
    },
    mixinStandardHelpOptions = true,
    footer = "%n'qgpo config --describe' lists the settings, 'qgpo config --presets' the presets.")
final class TrainCommand implements Callable<Integer> {
  private static final String POINT_MAZE = "pointmaze";

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  @Option(
      names = "--data",
      paramLabel = "FILE",
      converter = DataOptions.DatasetPath.class,
      description = "Data to learn from: " + DataOptions.FORMATS + "; the preset is then quick.")
  private Path data;

  @Mixin private DataOptions dataOptions;

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description =
          "Built-in environment to record data in, learn from them and evaluate: pointmaze (the"
              + " default); the preset is then demo.")
  private String environment;

  @Mixin private SettingsOptions settings;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the run; default: runs/NAME-seedN-TIME.")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the run in this folder from its last checkpoint.")
  private Path resume;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter output = spec.commandLine().getOut();
    // The request comes first: on Ctrl-C the process must not end before the run has saved.
    try (StopRequest stop = StopRequest.install();
        TrainingRun run = open(stop)) {
      output.println(headline(run));
      output.flush();
      boolean finished = run.train();
      if (!finished) {
        output.println("Stopped and saved. Go on with: qgpo train --resume " + run.folder());
        return Main.done(output);
      }
      if (run.info().origin().task().isPresent()) {
        QgpoConfig config = run.info().settings();
        output.println();
        output.print(
            EvaluateCommand.table(
                    run.policy(), config.evaluation(), config.seed(), EvaluateCommand.NO_OBSERVER)
                .toText());
        output.println();
      }
      output.println("Trained. Draw actions with: qgpo sample --run " + run.folder());
      return Main.done(output);
    }
  }

  private TrainingRun open(StopRequest stop) {
    if (resume != null) {
      boolean dataGiven = data != null || dataOptions.given();
      if (dataGiven || environment != null || out != null || settings.given()) {
        throw new UsageException(
            "--resume: a run keeps its data, settings and folder; leave out --data, --columns,"
                + " --env, --out, --preset, --config, --set and --seed");
      }
      return TrainingRun.resume(resume, backend(), stop::isAsked, this::say);
    }
    DataOrigin origin = origin();
    QgpoConfig config = settings.resolve(data == null ? "demo" : "quick");
    Path folder = out == null ? folder(config) : out;
    return TrainingRun.create(folder, config, origin, backend(), stop::isAsked, this::say);
  }

  private DataOrigin origin() {
    if (data != null && environment != null) {
      throw new UsageException("--data and --env: expected one of them, found both");
    }
    if (data == null && dataOptions.given()) {
      throw new UsageException("--columns: expected together with --data, found alone");
    }
    if (data != null) {
      return new DataOrigin.DataFile(data, dataOptions.columns());
    }
    if (environment != null && !environment.equals(POINT_MAZE)) {
      throw new UsageException(
          "--env: expected " + POINT_MAZE + ", the only one built in, found '" + environment + "'");
    }
    // The data do not change with the run's seed: runs differ in what they learn from them.
    return new DataOrigin.PointMaze(PointMazeData.DEFAULT_ROWS, 0);
  }

  private Backend backend() {
    PrintWriter log = spec.commandLine().getErr();
    return QgpoCommand.globalOptions(spec.commandLine()).choose(log).backend();
  }

  private Path folder(QgpoConfig config) {
    String name =
        data == null
            ? POINT_MAZE
            : String.valueOf(data.getFileName()).replaceFirst("\\.[^.]*$", "");
    return Path.of(
        "runs", name + "-seed" + config.seed() + "-" + LocalDateTime.now().format(TIMESTAMP));
  }

  private static String headline(TrainingRun run) {
    RunInfo info = run.info();
    return String.format(
        Locale.ROOT,
        "Run %s: seed %d, state %d, action %d, rewards %s",
        run.folder(),
        info.settings().seed(),
        info.stateDim(),
        info.actionDim(),
        switch (info.reward().kind()) {
          case LOCOMOTION -> String.format(Locale.ROOT, "x %.4g", info.reward().scale());
          case ANTMAZE -> "- 1";
          default -> "as recorded";
        });
  }

  private void say(String sentence) {
    PrintWriter log = spec.commandLine().getErr();
    log.println(sentence);
    log.flush();
  }
}
