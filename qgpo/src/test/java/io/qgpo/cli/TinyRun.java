package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A training of a few steps with tiny networks: 57 transitions, state 3, action 2. */
final class TinyRun {
  private TinyRun() {}

  static Path data() {
    try {
      return Path.of(TinyRun.class.getResource("/io/qgpo/data/enum_gzip.hdf5").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The arguments of such a training. */
  static String[] arguments(Path folder, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("train", "--backend=scalar", "--data=" + data(), "--out=" + folder));
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
          "sampler.evaluations=10"
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
