package io.qgpo.cli;

import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.PointMazeData;
import io.qgpo.env.catalog.Environments;
import io.qgpo.env.maze2d.Maze2d;
import io.qgpo.report.RunReport;
import io.qgpo.run.DataOrigin;
import io.qgpo.run.DivergedException;
import io.qgpo.run.EnvironmentName;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.RunEvaluation;
import io.qgpo.run.RunInfo;
import io.qgpo.run.ShellWord;
import io.qgpo.run.StopRequest;
import io.qgpo.run.TrainingRun;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.io.AtomicFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
      "Without options: the built-in point maze, in minutes. With --env maze2d-... alone: data"
          + " recorded there."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo train",
      "  qgpo train --data hopper_medium_expert.hdf5 --env hopper --out runs/hopper",
      "  qgpo train --data log.csv --columns actions=throttle,steer --set energy.beta=10 --seed 1",
      "  qgpo train --resume runs/hopper",
      "  qgpo train --backend cuda --kernel linear_silu=my.cu",
      "",
      "'qgpo help settings' lists the settings, 'qgpo config --presets' the presets."
    })
final class TrainCommand implements Callable<Integer> {
  /** Of data recorded in a maze2d: as many as the quick preset is made for. */
  private static final int MAZE2D_ROWS = 40_000;

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  @Option(
      names = {"--data", "--dataset"},
      paramLabel = "FILE",
      converter = DataOptions.DatasetPath.class,
      description = "Data to learn from: " + DataOptions.FORMATS + "; the preset is then quick.")
  private Path data;

  @Mixin private DataOptions dataOptions;

  @Mixin private EnvironmentOptions environmentOptions;

  @Mixin private SettingsOptions settings;

  @Mixin private KernelOptions kernels;

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

  @Option(
      names = "--detect-nan",
      description = {
        "If the training diverges, take the steps since the last checkpoint again with a look at"
            + " every number, past a limit for at most 1000 steps, and name the first operation"
            + " that made NaN or infinity, or say that there is none.",
        "With --resume: of a run that has diverged."
      })
  private boolean detectNan;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    requireNamed("--out", out);
    requireNamed("--resume", resume);
    PrintWriter output = spec.commandLine().getOut();
    try (StopRequest stop =
        StopRequest.install("Stopped before the training began.", output::println)) {
      TrainingRun run = open(stop);
      try (run) {
        return train(run, stop);
      } catch (DivergedException e) {
        if (!detectNan) {
          throw e;
        }
        say(
            e.finding()
                + " The steps since the last checkpoint, again, with a look at every number:");
      }
      stop.endAtOnce(goOn(run));
      try (TrainingRun again =
          TrainingRun.searchNotFinite(run.folder(), run.backend(), stop::isAsked, this::say)) {
        return train(again, stop); // ends with the exception that names the operation
      }
    }
  }

  private static void requireNamed(String option, Path folder) {
    if (folder != null && folder.toString().isBlank()) {
      throw new UsageException(option + ": expected the path of a folder, found an empty one");
    }
  }

  private static String goOn(TrainingRun run) {
    return "Stopped and saved. Go on with: qgpo train --resume " + ShellWord.of(run.folder());
  }

  private int train(TrainingRun run, StopRequest stop) {
    PrintWriter output = spec.commandLine().getOut();
    output.println(headline(run));
    output.flush();
    stop.waitForSave();
    if (!run.train()) {
      output.println(goOn(run));
      return Main.done(output);
    }
    stop.endAtOnce(goOn(run));
    if (run.info().environment().isPresent()) {
      output.println(returns(run));
      output.flush();
    }
    Path report = run.folder().resolve(RunReport.FILE);
    AtomicFiles.writeText(report, RunReport.html(run.folder()));
    output.println("What happened is in " + report);
    output.println(next(run));
    return Main.done(output);
  }

  private String returns(TrainingRun run) {
    QgpoConfig config = run.info().settings();
    EnvironmentSpec environment = run.info().environment().orElseThrow().spec();
    var evaluation = new RunEvaluation(run.policy(), environment);
    RolloutFilm film =
        RolloutFilm.isPossible(environment)
            ? new RolloutFilm(evaluation, RolloutFilm.usualScale(config.evaluation()))
            : null;
    EvaluationReport report = evaluation.report(config.evaluation(), config.seed(), this::say);
    report.keepIn(run.folder());
    if (film != null) {
      film.write(run.folder().resolve(RunReport.FILM));
    }
    return System.lineSeparator() + ReturnTable.text(report);
  }

  private static String next(TrainingRun run) {
    String folder = ShellWord.of(run.folder());
    String returns =
        run.info().environment().isPresent()
            ? ""
            : "Measure returns with: qgpo evaluate --run %s --env NAME%n".formatted(folder);
    return returns + "Trained. Draw actions with: qgpo sample --run " + folder;
  }

  private TrainingRun open(StopRequest stop) {
    if (resume != null) {
      boolean dataGiven = data != null || dataOptions.given();
      if (dataGiven || environmentOptions.given() || out != null || settings.given()) {
        throw new UsageException(
            "--resume: a run keeps its data, settings and folder; leave out --data, --columns,"
                + " --env, --env-classpath, --out, --preset, --config, --set and --seed");
      }
      return TrainingRun.resume(resume, backend(), stop::isAsked, this::say);
    }
    RunPlan plan = plan(Map.of());
    return TrainingRun.create(
        out == null ? folder(plan) : out,
        plan.settings(),
        plan.origin(),
        plan.environment(),
        backend(),
        stop::isAsked,
        this::say);
  }

  /**
   * What a new run is made of, by the options.
   *
   * @param changes settings that win over the options'
   */
  RunPlan plan(Map<String, String> changes) {
    Optional<EnvironmentName> environment = environmentOptions.environment();
    DataOrigin origin = origin(environment);
    boolean isDemo = origin instanceof DataOrigin.PointMaze;
    return new RunPlan(
        settings.resolve(isDemo ? "demo" : "quick", changes),
        origin,
        isDemo ? Optional.of(EnvironmentName.of(Environments.POINT_MAZE)) : environment);
  }

  private DataOrigin origin(Optional<EnvironmentName> environment) {
    if (data == null && dataOptions.given()) {
      throw new UsageException("--columns: expected together with --data, found alone");
    }
    if (data != null) {
      return new DataOrigin.DataFile(data, dataOptions.columns());
    }
    // The data do not change with the run's seed: runs differ in what they learn from them.
    String name = environment.map(EnvironmentName::name).orElse(Environments.POINT_MAZE);
    if (name.equals(Environments.POINT_MAZE)) {
      return new DataOrigin.PointMaze(PointMazeData.DEFAULT_ROWS, 0);
    }
    if (Maze2d.names().contains(name)) {
      return new DataOrigin.Maze2dRecording(name, MAZE2D_ROWS, 0);
    }
    throw new UsageException(
        "--env: only pointmaze and maze2d-* record data of their own; name the data of %s with"
                .formatted(name)
            + " --data");
  }

  private Backend backend() {
    PrintWriter log = spec.commandLine().getErr();
    Backend backend =
        kernels.in(QgpoCommand.globalOptions(spec.commandLine()).choose(log).backend());
    backend.kernels().forEach((op, kernel) -> say("kernel of " + op + ": " + kernel));
    return backend;
  }

  private Path folder(RunPlan plan) {
    String name =
        data == null
            ? plan.environment().orElseThrow().name()
            : String.valueOf(data.getFileName()).replaceFirst("\\.[^.]*$", "");
    String seed = "-seed" + plan.settings().seed() + "-";
    return Path.of("runs", name + seed + LocalDateTime.now().format(TIMESTAMP));
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
