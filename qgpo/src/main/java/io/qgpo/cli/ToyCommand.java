package io.qgpo.cli;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.algorithm.QgpoConfig.SamplerPreset;
import io.qgpo.run.StopRequest;
import io.qgpo.tensor.Backend;
import io.qgpo.toy.ToyExperiment;
import io.qgpo.toy.ToyReport;
import io.qgpo.toy.ToyResult;
import io.qgpo.toy.ToyRun;
import io.qgpo.toy.ToySampler;
import io.qgpo.toy.ToySet;
import io.qgpo.toy.ToySets;
import io.qgpo.toy.ToySettings;
import io.qgpo.toy.ToyTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The paper's experiments in the plane. */
@Command(
    name = "toy",
    description = {
      "Learns the paper's sets of points in the plane and guidance towards their energy e, samples"
          + " p proportional to q exp(beta e), and measures the samples against the truth, which is"
          + " known here. Prints the figures and writes them with pictures into a folder.",
      "Without options: 8gaussians with beta 3 by CEP, in some minutes."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo toy",
      "  qgpo toy --set rings,moons --beta 3,10,20 --method cep,mse,emse --out toys",
      "  qgpo toy --preset paper --steps 2350 --sampler paper --evaluations 15"
    })
final class ToyCommand implements Callable<Integer> {
  private static final String ALL = "all";

  /** Beyond it exp(beta e) is one point's alone. */
  private static final double LARGEST_BETA = 100;

  private static final int MOST_STEPS = 100_000_000;
  private static final int MOST_EVALUATIONS = 1000;
  private static final int MOST_SAMPLES = 1_000_000;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      split = ",",
      description =
          "8gaussians (default), rings, moons, swissroll, checkerboard, 2spirals; or all.")
  private List<String> sets = List.of("8gaussians");

  @Option(
      names = "--beta",
      paramLabel = "B",
      split = ",",
      description = "Inverse temperatures; the paper's are 3 (default), 10 and 20.")
  private List<Double> betas = List.of(3.0);

  @Option(
      names = "--method",
      paramLabel = "NAME",
      split = ",",
      description =
          "What guidance learns by: cep (default), the paper's; mse and emse, which it compares.")
  private List<String> methods = List.of("cep");

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "quick (default), minutes on two cores; paper, the authors' sizes and 371,151 updates.")
  private String preset = "quick";

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Updates of each network; default: the preset's.")
  private Integer steps;

  @Option(
      names = {"--seeds", "--seed"},
      paramLabel = "N",
      split = ",",
      description = "Seeds of data, networks and noise; default: 0.")
  private List<String> seeds = List.of("0");

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      description =
          "exact (default), as in the setting sampler.preset; or paper, the authors' for these"
              + " sets: noise form, multistep 2, uniform in time.")
  private String sampler = "exact";

  @Option(
      names = "--evaluations",
      paramLabel = "N",
      description = "Of the networks for a point; default: 25.")
  private int evaluations = 25;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Points to sample and to compare with as many true ones; default: 20000.")
  private int samples = 20_000;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for toy.json, toy.html and a picture of each set and seed, over those of an"
              + " earlier time; default: toy.")
  private Path out = Path.of("toy");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter output = spec.commandLine().getOut();
    List<ToySet> chosen = sets();
    List<Long> numbers = seeds.stream().map(ToyCommand::seed).distinct().toList();
    ToyExperiment.Plan plan = plan();
    OutputFile.makeFolder("--out", out);
    try (StopRequest stop = StopRequest.install("Stopped: nothing is finished.", output::println)) {
      PrintWriter log = spec.commandLine().getErr();
      Backend backend = QgpoCommand.globalOptions(spec.commandLine()).choose(log).backend();
      var experiment = new ToyExperiment(plan, backend);
      List<ToyRun> runs = new ArrayList<>();
      for (ToySet set : chosen) {
        for (long seed : numbers) {
          runs.add(
              experiment.run(
                  set,
                  seed,
                  run -> {
                    List<ToyRun> soFar = Stream.concat(runs.stream(), Stream.of(run)).toList();
                    ToyReport.write(out, plan, backend, soFar);
                    stop.endAtOnce("Stopped: what was finished is in " + out);
                  }));
        }
      }
      print(runs, output);
    }
    return Main.done(output);
  }

  private List<ToySet> sets() {
    if (sets.equals(List.of(ALL))) {
      return ToySets.all();
    }
    return sets.stream()
        .map(name -> find("--set", name, ToySets.names(), ToySets::find))
        .distinct()
        .toList();
  }

  private static long seed(String text) {
    return (long) ConfigTable.key("seed").accept("--seeds", text);
  }

  private ToyExperiment.Plan plan() {
    for (double beta : betas) {
      if (!(beta > 0 && beta <= LARGEST_BETA)) {
        throw new UsageException(
            "--beta: expected numbers above 0 to %.0f, found %s".formatted(LARGEST_BETA, beta));
      }
    }
    ToySettings settings = find("--preset", preset, ToySettings.names(), ToySettings::find);
    if (steps != null) {
      requireWithin("--steps", steps, 1, MOST_STEPS);
      settings = settings.withSteps(steps);
    }
    requireWithin("--evaluations", evaluations, 1, MOST_EVALUATIONS);
    requireWithin("--samples", samples, 100, MOST_SAMPLES);
    return new ToyExperiment.Plan(
        settings,
        new ToySampler(constant("--sampler", sampler, SamplerPreset.values()), evaluations),
        betas.stream().distinct().toList(),
        methods.stream()
            .map(name -> constant("--method", name, EnergyLoss.values()))
            .distinct()
            .toList(),
        samples);
  }

  private static void requireWithin(String option, int value, int low, int high) {
    if (value < low || value > high) {
      throw new UsageException(
          "%s: expected a whole number from %d to %d, found %d"
              .formatted(option, low, high, value));
    }
  }

  private static <E extends Enum<E>> E constant(String option, String name, E[] values) {
    List<String> names = Arrays.stream(values).map(ToyCommand::lower).toList();
    return find(
        option,
        name,
        names,
        given -> Arrays.stream(values).filter(v -> lower(v).equals(given)).findFirst());
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <T> T find(
      String option, String name, List<String> names, Function<String, Optional<T>> lookup) {
    return lookup
        .apply(name.toLowerCase(Locale.ROOT))
        .orElseThrow(() -> UsageException.unknown(option, names, name));
  }

  private void print(List<ToyRun> runs, PrintWriter output) {
    List<ToyResult> results = runs.stream().flatMap(run -> run.results().stream()).toList();
    output.println();
    table(ToyTable.metrics(results), output);
    output.println("x: times the floor, which is the mean error of the truth against the truth");
    List<List<String>> fields = ToyTable.fields(results);
    if (!fields.isEmpty()) {
      output.println();
      table(fields, output);
    }
    output.println();
    output.println("Pictures are in " + out.resolve(ToyReport.PAGE));
  }

  private static void table(List<List<String>> rows, PrintWriter output) {
    var table = new TextTable();
    rows.forEach(table::row);
    output.print(table.text());
  }
}
