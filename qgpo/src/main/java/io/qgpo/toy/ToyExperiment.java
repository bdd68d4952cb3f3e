package io.qgpo.toy;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.autograd.nn.Module;
import io.qgpo.run.Progress;
import io.qgpo.run.RunException;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Rng;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/** Learns sets and guidances, samples them, and measures the samples. */
public final class ToyExperiment {
  /** Points of the data that a picture shows. */
  private static final int SHOWN = 10_000;

  /**
   * What is to be done with each set and seed.
   *
   * @param settings of the training
   * @param sampler of the samples
   * @param betas inverse temperatures
   * @param methods losses of the guidance
   * @param samples points that are drawn for each
   */
  public record Plan(
      ToySettings settings,
      ToySampler sampler,
      List<Double> betas,
      List<EnergyLoss> methods,
      int samples) {}

  private final Plan plan;
  private final Backend backend;

  /** An experiment on a backend. */
  public ToyExperiment(Plan plan, Backend backend) {
    this.plan = plan;
    this.backend = backend;
  }

  /** What is done. */
  public Plan plan() {
    return plan;
  }

  /**
   * Does it with one set; tells how far it is on standard output. Call outside any scope.
   *
   * @param soFar takes the run after each guidance
   * @return the last that it took
   * @throws RunException if samples are not finite
   */
  public ToyRun run(ToySet set, long seed, Consumer<ToyRun> soFar) {
    ToyData data = ToyData.draw(set, ToyData.PAPER_SIZE, seed, "data");
    var training = new ToyTraining(backend, set, data, plan.settings(), seed);
    var stopwatch = new Stopwatch();
    String name = "%s, seed %d".formatted(set.name(), seed);
    ToyScoreNet score = fit("score of " + name, training.score());
    double scoreSeconds = stopwatch.lap();
    DensityMap density = DensityMap.of(set, score, backend);
    ToyRun run = null;
    List<ToyRun.Column> columns = new ArrayList<>();
    List<ToyResult> results = new ArrayList<>();
    for (double beta : plan.betas()) {
      var truth = new GroundTruth(set, beta);
      float[] truePoints = truth.draw(plan.samples(), seed, "truth");
      Map<String, Double> floor = ToyMetrics.floor(truth, plan.samples(), seed);
      Map<EnergyLoss, float[]> samples = new EnumMap<>(EnergyLoss.class);
      columns.add(new ToyRun.Column(beta, truePoints, samples));
      for (EnergyLoss method : plan.methods()) {
        stopwatch.lap();
        String guidance = "%s, beta %s, of %s".formatted(method, ToyTable.plain(beta), name);
        ToyEnergyNet energy = fit(guidance, training.energy(method, beta));
        double energySeconds = stopwatch.lap();
        var noise = new Rng(backend, seed, "toy samples");
        float[] points = ToyDiffusion.sample(score, energy, plan.sampler(), plan.samples(), noise);
        double samplingSeconds = stopwatch.lap();
        requireFinite(guidance, points);
        Regions regions = Regions.of(set, points);
        Regions trueRegions = Regions.of(set, truePoints);
        samples.put(method, points);
        results.add(
            new ToyResult(
                set.name(),
                method,
                beta,
                seed,
                ToyMetrics.of(set, points, truePoints),
                floor,
                list(regions.shares()),
                list(trueRegions.shares()),
                list(regions.deviations()),
                list(trueRegions.deviations()),
                FieldErrors.of(truth, score, energy, backend, seed),
                new ToyResult.Seconds(scoreSeconds, energySeconds, samplingSeconds)));
        run = new ToyRun(set, seed, data.first(SHOWN), density, columns, results);
        soFar.accept(run);
      }
    }
    return run;
  }

  private static void requireFinite(String guidance, float[] points) {
    for (float coordinate : points) {
      if (!Float.isFinite(coordinate)) {
        throw new RunException(
            "Samples of %s are not finite: its training left what numbers can hold. Try another"
                    .formatted(guidance)
                + " seed or other steps.");
      }
    }
  }

  private <M extends Module> M fit(String stage, Fit<M> fit) {
    int steps = plan.settings().steps();
    try (Progress progress = Progress.start(stage, steps, 0)) {
      for (int step = 1; step <= steps; step++) {
        fit.step();
        progress.update(step);
      }
      backend.synchronize();
    }
    return fit.result();
  }

  private static List<Double> list(double[] values) {
    return DoubleStream.of(values).boxed().toList();
  }

  private static final class Stopwatch {
    private long last = System.nanoTime();

    /** Seconds since the last call. */
    double lap() {
      long now = System.nanoTime();
      double seconds = (now - last) / 1e9;
      last = now;
      return seconds;
    }
  }
}
