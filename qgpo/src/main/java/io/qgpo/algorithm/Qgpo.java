package io.qgpo.algorithm;

import io.qgpo.algorithm.QgpoConfig.BehaviourConfig;
import io.qgpo.algorithm.QgpoConfig.CriticConfig;
import io.qgpo.algorithm.QgpoConfig.EnergyConfig;
import io.qgpo.algorithm.QgpoConfig.LearningRateSchedule;
import io.qgpo.algorithm.QgpoConfig.SamplerConfig;
import io.qgpo.algorithm.QgpoConfig.ScoreNetConfig;
import io.qgpo.autograd.optim.Adam;
import io.qgpo.autograd.optim.Polyak;
import io.qgpo.autograd.optim.Schedule;
import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.LinearSchedule;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.DeviceMemoryException;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.MappedFloats;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One training of QGPO: its networks, optimisers and random streams, and the steps of its stages in
 * the authors' order. Knows nothing of files but the support actions'; whoever drives it decides
 * when to save, report and stop.
 *
 * <ol>
 *   <li>{@link #behaviourStep}, {@code behaviour.steps} times;
 *   <li>{@link #fillSupport};
 *   <li>{@link #guidanceStep}, {@link #guidanceSteps} times: one Q update, then one energy update
 *       with labels from the target Q, as long as each has steps left.
 * </ol>
 *
 * <p>Not for use by several threads at once.
 */
public final class Qgpo {
  private final QgpoConfig config;
  private final DeviceData data;
  private final NoiseSchedule schedule;

  private final ScoreNet score;
  private final ScoreNet scoreAverage;
  private final TwinQ q;
  private final TwinQ qTarget;
  private final EnergyNet energy;

  private final Adam scoreOptimizer;
  private final Adam qOptimizer;
  private final Adam energyOptimizer;
  private final Polyak scorePolyak;
  private final Polyak qPolyak;
  private final Rng behaviourRng;
  private final Rng batchRng;
  private final Rng energyRng;

  private final LossMeter behaviourMeter;
  private final LossMeter criticMeter;
  private final LossMeter valueMeter;
  private final LossMeter energyMeter;

  private final BehaviourTrainer behaviour;
  private CandidateBatch batch;
  private CriticTrainer critic;
  private EnergyTrainer guidance;

  private long behaviourDone;
  private long guidanceDone;

  /** A training at its start. Make it outside any scope. */
  public Qgpo(QgpoConfig config, DeviceData data) {
    this.config = config;
    this.data = data;
    schedule = noiseSchedule(config);
    Backend backend = data.backend();
    score = newScoreNet(config, data.stateDim(), data.actionDim(), rng(backend, "score weights"));
    q = newTwinQ(config, data.stateDim(), data.actionDim(), rng(backend, "critic weights"));
    qTarget = newTwinQ(config, data.stateDim(), data.actionDim(), rng(backend, "critic weights"));
    energy =
        newEnergyNet(config, data.stateDim(), data.actionDim(), rng(backend, "energy weights"));

    BehaviourConfig b = config.behaviour();
    scoreOptimizer =
        new Adam(
            score.parameters(),
            schedule(b.learningRateSchedule(), b.learningRate(), b.steps()),
            Adam.Options.defaults().withWeightDecay(b.weightDecay()).withClipNorm(b.clipNorm()));
    if (b.emaDecay() > 0) {
      scoreAverage =
          newScoreNet(config, data.stateDim(), data.actionDim(), rng(backend, "score weights"));
      scorePolyak = new Polyak(scoreAverage, score, 1 - b.emaDecay());
    } else {
      scoreAverage = score;
      scorePolyak = null;
    }
    qOptimizer =
        new Adam(
            q.parameters(),
            Schedule.constant(config.critic().learningRate()),
            Adam.Options.defaults());
    qPolyak = new Polyak(qTarget, q, config.critic().tau());
    energyOptimizer =
        new Adam(
            energy.parameters(),
            Schedule.constant(config.energy().learningRate()),
            Adam.Options.defaults());
    behaviourRng = rng(backend, "behaviour");
    batchRng = rng(backend, "guidance batches");
    energyRng = rng(backend, "energy noise");
    behaviourMeter = new LossMeter(backend);
    criticMeter = new LossMeter(backend);
    valueMeter = new LossMeter(backend);
    energyMeter = new LossMeter(backend);
    behaviour =
        new BehaviourTrainer(
            data,
            score,
            scoreOptimizer,
            scorePolyak,
            behaviourRng,
            schedule,
            config.schedule().tMin(),
            b.batchSize(),
            behaviourMeter);
  }

  private Rng rng(Backend backend, String stream) {
    return new Rng(backend, config.seed(), stream);
  }

  private static Schedule schedule(LearningRateSchedule kind, double rate, int steps) {
    return switch (kind) {
      case CONSTANT -> Schedule.constant(rate);
      case COSINE -> Schedule.cosine(rate, 0, steps);
    };
  }

  /** The noise schedule of these settings. */
  public static NoiseSchedule noiseSchedule(QgpoConfig config) {
    return new LinearSchedule(config.schedule().betaMin(), config.schedule().betaMax());
  }

  /** The behaviour network of these settings. */
  static ScoreNet newScoreNet(QgpoConfig config, int stateDim, int actionDim, Rng rng) {
    ScoreNetConfig size = config.score();
    return new ScoreNet(
        rng,
        DType.FLOAT32,
        stateDim,
        actionDim,
        new ScoreNet.Size(size.width(), size.embedding(), size.fourierScale()));
  }

  /** The twin critics of these settings. */
  static TwinQ newTwinQ(QgpoConfig config, int stateDim, int actionDim, Rng rng) {
    CriticConfig size = config.critic();
    return new TwinQ(rng, DType.FLOAT32, stateDim, actionDim, size.hidden(), size.layers());
  }

  /** The energy network of these settings; its time embedding is the behaviour network's kind. */
  static EnergyNet newEnergyNet(QgpoConfig config, int stateDim, int actionDim, Rng rng) {
    EnergyConfig size = config.energy();
    return new EnergyNet(
        rng,
        DType.FLOAT32,
        stateDim,
        actionDim,
        new EnergyNet.Size(
            size.hidden(),
            size.layers(),
            config.score().embedding(),
            config.score().fourierScale()));
  }

  // ---- Stages --------------------------------------------------------------------------------

  /**
   * One update of the behaviour model.
   *
   * @throws DeviceMemoryException if it does not fit, with the batch that would
   */
  public void behaviourStep() {
    try {
      behaviour.step();
    } catch (DeviceMemoryException e) {
      throw FittingBatch.BEHAVIOUR.explain(e, config, data);
    }
    behaviourDone++;
  }

  /**
   * Draws the support actions that the file still lacks, with the trained behaviour model; see
   * {@link SupportActions#fill}.
   *
   * @throws DeviceMemoryException if a batch of them does not fit, with the one that would
   */
  public void fillSupport(
      MappedFloats file, BooleanSupplier stop, SupportActions.Progress progress) {
    try {
      DiffusionPolicy policy = policy(config.support().evaluations());
      new SupportActions(
              policy,
              data,
              config.seed(),
              config.support().candidates(),
              config.support().batchRows())
          .fill(file, stop, progress);
    } catch (DeviceMemoryException e) {
      throw FittingBatch.SUPPORT.explain(e, config, data);
    }
  }

  /**
   * Gives the critic and the energy their support actions; before the first guidance step.
   *
   * @throws DeviceMemoryException if a batch does not fit, with the one that would
   */
  public void useSupport(MappedFloats support) {
    try {
      batch = new CandidateBatch(data, support, config.critic().batchSize());
    } catch (DeviceMemoryException e) {
      throw FittingBatch.GUIDANCE.explain(e, config, data);
    }
    critic =
        new CriticTrainer(
            batch,
            q,
            qTarget,
            qOptimizer,
            qPolyak,
            config.critic().discount(),
            config.critic().betaQ(),
            criticMeter,
            valueMeter);
    guidance =
        new EnergyTrainer(
            batch,
            energy,
            qTarget,
            energyOptimizer,
            energyRng,
            schedule,
            config.energy().loss(),
            config.schedule().tMin(),
            config.energy().beta(),
            energyMeter);
  }

  /**
   * A Q update while it has steps left, then an energy update while it has, on one batch.
   *
   * @throws DeviceMemoryException if they do not fit, with the batch that would
   */
  public void guidanceStep() {
    if (batch == null) {
      throw new IllegalStateException("guidanceStep: needs support actions; call useSupport first");
    }
    try {
      batch.draw(batchRng);
      if (guidanceDone < config.critic().steps()) {
        critic.step();
      }
      if (guidanceDone < config.energy().steps()) {
        guidance.step();
      }
    } catch (DeviceMemoryException e) {
      throw FittingBatch.GUIDANCE.explain(e, config, data);
    }
    guidanceDone++;
  }

  /** Behaviour updates made. */
  public long behaviourDone() {
    return behaviourDone;
  }

  /** Guidance steps made. */
  public long guidanceDone() {
    return guidanceDone;
  }

  /** Guidance steps in all: the longer of the critic's and the energy's. */
  public int guidanceSteps() {
    return config.guidanceSteps();
  }

  /** The mean denoising loss since {@link #takeBehaviourLoss}; NaN without a step. */
  public double behaviourLoss() {
    return behaviourMeter.mean();
  }

  /** The mean denoising loss since the last call. */
  public double takeBehaviourLoss() {
    return behaviourMeter.takeMean();
  }

  /**
   * What the guidance steps since the last call measured.
   *
   * @param criticLoss mean squared Bellman error, NaN if Q was frozen
   * @param meanQ mean Q of the data's actions, NaN if Q was frozen
   * @param energyLoss NaN if the energy was not trained
   */
  public record GuidanceLosses(double criticLoss, double meanQ, double energyLoss) {}

  /** Means since {@link #takeGuidanceLosses}; NaN without a step. */
  public GuidanceLosses guidanceLosses() {
    return new GuidanceLosses(criticMeter.mean(), valueMeter.mean(), energyMeter.mean());
  }

  /** Means since the last call. */
  public GuidanceLosses takeGuidanceLosses() {
    return new GuidanceLosses(
        criticMeter.takeMean(), valueMeter.takeMean(), energyMeter.takeMean());
  }

  // ---- Results -------------------------------------------------------------------------------

  /**
   * The policy as trained so far, with the sampler of the settings; further training does not
   * change it. Make it outside any scope.
   */
  public DiffusionPolicy policy() {
    return policy(config.sampler().evaluations());
  }

  private DiffusionPolicy policy(int evaluations) {
    PolicyNetworks networks =
        new PolicyNetworks(data.backend(), config, data.stateDim(), data.actionDim());
    networks.copyFrom(scoreAverage, energy);
    return networks.policy(evaluations);
  }

  /** The solver of these settings. */
  public static DpmSolver solver(QgpoConfig config, int evaluations) {
    SamplerConfig sampler = config.sampler();
    SolverOptions options =
        switch (sampler.preset()) {
          case PAPER -> SolverOptions.paper();
          case EXACT -> SolverOptions.exact();
        };
    return new DpmSolver(
        noiseSchedule(config),
        options.withEvaluations(evaluations).withTimes(sampler.tStart(), sampler.tEnd()));
  }

  /** The critic's target twins: what the energy is learnt from. */
  public TwinQ critic() {
    return qTarget;
  }

  /** Floating-point operations of each kind of step. */
  public FlopCount flop() {
    return FlopCount.of(config, score, q, energy);
  }

  /**
   * What critic and energy make of some of the data's states; after {@link #useSupport}. Training
   * goes on with the same bits as without it.
   *
   * @param batches of states, as large as the critic's
   */
  public ValueDistributions valueDistributions(int batches) {
    return ValueDistributions.of(
        batch,
        qTarget,
        energy,
        config.energy().beta(),
        config.schedule().tMin(),
        batches,
        rng(data.backend(), "value distributions"));
  }

  // ---- Saving --------------------------------------------------------------------------------

  /**
   * Every tensor of the state by name: weights, moments, random streams and loss meters. To be
   * saved, or to be written over before {@link #restoreCounters}.
   */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    put(state, "score.", score.state());
    if (scoreAverage != score) {
      put(state, "scoreAverage.", scoreAverage.state());
    }
    put(state, "critic.", q.state());
    put(state, "criticTarget.", qTarget.state());
    put(state, "energy.", energy.state());
    put(state, "adam.score.", scoreOptimizer.state());
    put(state, "adam.critic.", qOptimizer.state());
    put(state, "adam.energy.", energyOptimizer.state());
    state.put("rng.behaviour", behaviourRng.state());
    state.put("rng.batches", batchRng.state());
    state.put("rng.energy", energyRng.state());
    state.put("meter.behaviour", behaviourMeter.state());
    state.put("meter.critic", criticMeter.state());
    state.put("meter.value", valueMeter.state());
    state.put("meter.energy", energyMeter.state());
    return state;
  }

  private static void put(Map<String, Tensor> all, String prefix, Map<String, Tensor> part) {
    part.forEach((name, tensor) -> all.put(prefix + name, tensor));
  }

  /** Continues after this many steps of each kind. */
  public void restoreCounters(long behaviourSteps, long guidanceSteps) {
    if (behaviourSteps < 0 || guidanceSteps < 0) {
      throw new IllegalArgumentException(
          "restoreCounters: expected 0 or more steps, found "
              + behaviourSteps
              + " and "
              + guidanceSteps);
    }
    behaviourDone = behaviourSteps;
    guidanceDone = guidanceSteps;
    scoreOptimizer.restoreSteps(behaviourSteps);
    qOptimizer.restoreSteps(Math.min(guidanceSteps, config.critic().steps()));
    energyOptimizer.restoreSteps(Math.min(guidanceSteps, config.energy().steps()));
  }
}
