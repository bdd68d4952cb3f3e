package io.qgpo.cli;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.QgpoConfig.EvaluationConfig;
import io.qgpo.env.MazePicture;
import io.qgpo.env.StepObserver;
import io.qgpo.run.RunEvaluation;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.io.AtomicFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a trained policy in its environment. */
@Command(
    name = "evaluate",
    description = {
      "Plays episodes with the policy of a run folder and prints the returns for each guidance"
          + " scale, beside a policy by hand and unimodal cloning.",
      "Only scale 1 samples the exact policy; 0 is the behaviour."
    },
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  /** For {@link #table}: nobody watches. */
  static final Function<String, StepObserver> NO_OBSERVER = name -> (episode, before, step) -> {};

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "Folder of a trained run.")
  private Path run;

  @Option(
      names = "--episodes",
      paramLabel = "N",
      description = "Episodes for each scale; default: the run's setting.")
  private String episodes;

  @Option(
      names = "--scales",
      paramLabel = "W,...",
      description = "Guidance scales; default: the run's setting.")
  private String scales;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of episodes and of the policy's noise; default: the run's.")
  private String seed;

  @Option(
      names = "--picture",
      paramLabel = "FILE.svg",
      description = "Draw the paths of all episodes, a panel for each policy.")
  private Path pictureFile;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, Object> changes = new LinkedHashMap<>();
    change(changes, "evaluation.episodes", episodes);
    change(changes, "evaluation.guidanceScales", scales);
    change(changes, "seed", seed);
    PrintWriter log = spec.commandLine().getErr();
    Backend backend = QgpoCommand.globalOptions(spec.commandLine()).choose(log).backend();
    TrainedPolicy policy = TrainedPolicy.load(run, backend, log::println);
    var settings = policy.info().settings().with(changes);
    PrintWriter out = spec.commandLine().getOut();
    var picture = new MazePicture();
    Function<String, StepObserver> observer = pictureFile == null ? NO_OBSERVER : picture::panel;
    out.print(table(policy, settings.evaluation(), settings.seed(), observer).toText());
    if (pictureFile != null) {
      AtomicFiles.writeText(pictureFile, picture.toSvg());
    }
    return Main.done(out);
  }

  /**
   * The returns of a policy at each scale, and of what it is compared with.
   *
   * @param observers who watches the episodes of the policy of this name
   */
  static ReturnTable table(
      TrainedPolicy policy,
      EvaluationConfig settings,
      long seed,
      Function<String, StepObserver> observers) {
    var evaluation = new RunEvaluation(policy);
    int episodes = settings.episodes();
    var table = new ReturnTable();
    for (double scale : settings.guidanceScales()) {
      String name = ReturnTable.guided(scale);
      evaluation.observe(observers.apply(name));
      table.add(name, evaluation.guided(scale, episodes, seed).returns());
    }
    int steps = settings.cloningSteps();
    if (steps > 0) {
      String name = "unimodal cloning";
      evaluation.observe(observers.apply(name));
      table.add(name, evaluation.cloning(steps, episodes, seed).returns());
    }
    String name = "scripted optimum";
    evaluation.observe(observers.apply(name));
    return table.add(name, evaluation.optimum(episodes, seed).returns());
  }

  private static void change(Map<String, Object> changes, String key, String value) {
    if (value != null) {
      changes.put(key, ConfigTable.key(key).accept(value));
    }
  }
}
