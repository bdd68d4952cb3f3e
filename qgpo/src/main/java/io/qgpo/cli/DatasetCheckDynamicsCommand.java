package io.qgpo.cli;

import io.qgpo.data.LoggedRows;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.ReadOptions;
import io.qgpo.env.DynamicsCheck;
import io.qgpo.env.DynamicsCheck.Errors;
import io.qgpo.env.Environment;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.PhysicalEnvironment;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares an environment with the one that recorded a dataset. */
@Command(
    name = "check-dynamics",
    description = {
      "Replays recorded steps in an environment: from the recorded state (infos/qpos and"
          + " infos/qvel, for antmaze infos/goal) with the recorded action, and prints how far"
          + " observation, reward and end are from the recorded ones.",
      "Errors of 1e-6 come from data in float32; larger ones tell of other rules or masses, or of"
          + " another version of MuJoCo. Exit code 0 however large they are."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo dataset check-dynamics hopper_medium_expert.hdf5 --env hopper-d4rl --rows 2000"
    })
final class DatasetCheckDynamicsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      converter = DataOptions.DatasetPath.class,
      description = DataOptions.FORMATS + ".")
  private Path file;

  @Mixin private DataOptions data;

  @Mixin private EnvironmentOptions environmentOptions;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Steps to replay, spread evenly over the file; default: all.")
  private int rows = Integer.MAX_VALUE;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (rows < 1) {
      throw new UsageException("--rows: expected at least 1, found " + rows);
    }
    EnvironmentSpec environment =
        environmentOptions
            .environment()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--env: expected the environment to compare with, found none"))
            .spec();
    ReadOptions options = ReadOptions.DEFAULT.withColumns(data.columns()).keepingExtras();
    LoggedRows logged = DatasetFiles.readRows(file, options);
    var check = new DynamicsCheck(logged);
    try (Environment one = environment.factory().get()) {
      if (!(one instanceof PhysicalEnvironment physical)) {
        throw new UsageException(
            "--env: expected an environment whose positions and velocities can be set, found "
                + environment.name());
      }
      PrintWriter out = spec.commandLine().getOut();
      print(out, environment, check.run(physical, rows));
      return Main.done(out);
    }
  }

  private static void print(
      PrintWriter out, EnvironmentSpec environment, DynamicsCheck.Result result) {
    out.printf(
        Locale.ROOT,
        "environment  %s%s%n",
        environment.name(),
        environment.protocol().isEmpty() ? "" : " " + environment.protocol());
    out.printf(Locale.ROOT, "steps        %,d%n", result.steps());
    line(out, "observation", result.observation());
    if (result.reward().count() == 0) {
      out.printf(
          "reward, ends not compared: the data do not say where the goal was (%s)%n",
          DynamicsCheck.GOALS);
      return;
    }
    line(out, "reward", result.reward());
    out.printf(Locale.ROOT, "ends         %,d differ%n", result.wrongEnds());
  }

  private static void line(PrintWriter out, String what, Errors errors) {
    out.printf(
        Locale.ROOT,
        "%-12s error %.2g on average, %.2g at most (row %d); above 1e-6: %,d of %,d, above 1e-3:"
            + " %,d%n",
        what,
        errors.mean(),
        errors.largest(),
        errors.worstRow(),
        errors.aboveMillionth(),
        errors.count(),
        errors.aboveThousandth());
  }
}
