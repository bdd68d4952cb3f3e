package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Trainings of a few steps with tiny networks. */
final class TinyRun {
  /** Name of an environment that fits {@link #data}. */
  static final String ENVIRONMENT = "class:" + TinyEnvironment.class.getName();

  private TinyRun() {}

  static Path data() {
    try {
      return Path.of(TinyRun.class.getResource("/io/qgpo/data/io/enum_gzip.hdf5").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the tests' classes are. */
  static Path classes() {
    try {
      return Path.of(TinyRun.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Arguments of a training on 57 transitions from a file: state 3, action 2. */
  static String[] arguments(Path folder, String... more) {
    return arguments("--data=" + data(), folder, more);
  }

  /** Arguments of a training on the point maze, with 4 evaluations of 4 episodes. */
  static String[] mazeArguments(Path folder) {
    return arguments(
        "--env=pointmaze",
        folder,
        "--set=evaluation.episodes=4",
        "--set=evaluation.guidanceScales=0,1",
        "--set=evaluation.everySteps=3",
        "--set=behaviour.steps=6");
  }

  private static String[] arguments(String source, Path folder, String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--backend=scalar", source, "--out=" + folder));
    for (String setting :
        new String[] {
          "score.width=16",
          "score.embedding=4",
          "behaviour.steps=200",
          "behaviour.learningRate=0.01",
          "behaviour.emaDecay=0",
          "behaviour.batchSize=16",
          "support.candidates=2",
          "support.evaluations=2",
          "critic.steps=4",
          "critic.batchSize=8",
          "critic.hidden=8",
          "energy.steps=6",
          "energy.hidden=8",
          "sampler.evaluations=10",
          "evaluation.cloningSteps=3"
        }) {
      args.add("--set=" + setting);
    }
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  /** Trains in this folder. */
  static void train(Path folder) {
    Cli.Outcome outcome = Cli.run(arguments(folder));
    assertEquals(Main.OK, outcome.code(), outcome.err());
  }
}
