package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.DeviceData;
import io.qgpo.algorithm.FlopCount;
import io.qgpo.algorithm.Qgpo;
import io.qgpo.algorithm.Qgpo.GuidanceLosses;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.algorithm.QgpoConfig.CriticConfig;
import io.qgpo.algorithm.SupportDispersion;
import io.qgpo.data.Dataset;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.cpu.NotFiniteException;
import io.qgpo.tensor.io.MappedFloats;
import io.qgpo.tensor.io.NamedArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A training in a run folder: drives {@link Qgpo} through its stages, with progress, metrics and
 * checkpoints. A run that was stopped or killed goes on from its last checkpoint and ends with the
 * same bits as one that was not.
 */
public final class TrainingRun implements AutoCloseable {
  /** Steps between two lines of metrics. */
  public static final int METRICS_STEPS = 100;

  /** Of states whose Q and energies are shown: some thousands. */
  private static final int DISTRIBUTION_BATCHES = 16;

  private final RunDirectory directory;
  private final RunInfo info;
  private final Qgpo qgpo;
  private final DeviceData data;
  private final Checkpoints checkpoints;
  private final Metrics metrics;
  private final BooleanSupplier stop;
  private final Dataset dataset;
  private final EvaluationCurve curve;
  private final StageTimes times;
  private final FlopCount flop;
  private final DivergenceGuard guard;
  private long lastSave = System.nanoTime();

  private TrainingRun(
      RunDirectory directory,
      RunInfo info,
      Optional<EnvironmentSpec> environment,
      Dataset dataset,
      Backend backend,
      BooleanSupplier stop,
      Consumer<String> messages) {
    this.directory = directory;
    this.info = info;
    this.stop = stop;
    this.dataset = dataset;
    CriticConfig critic = info.settings().critic();
    data =
        DeviceData.of(
            backend,
            dataset.transitions(),
            info.states(),
            info.bounds(),
            info.reward(),
            critic.nStep(),
            critic.discount());
    qgpo = new Qgpo(info.settings(), data);
    checkpoints =
        new Checkpoints(directory.checkpoints(), info.settings().checkpoint().keep(), messages);
    RunState state = restore(messages);
    Path folder = directory.folder();
    metrics = Metrics.open(directory.metrics(), RunDirectory.eventsIn(folder), state.metrics());
    curve = new EvaluationCurve(info, environment, metrics, state.bestReturn());
    times = new StageTimes(backend.threads());
    times.restore(state.times(), directory.checkpoints().toString());
    flop = qgpo.flop();
    guard = new DivergenceGuard(info, dataset, folder);
  }

  /**
   * A new run.
   *
   * @param folder is made; must hold no run
   * @param environment what the policy is evaluated in, if anything
   * @param stop asked after each step: true ends the run with a checkpoint
   * @param messages takes sentences for the user
   */
  public static TrainingRun create(
      Path folder,
      QgpoConfig settings,
      DataOrigin origin,
      Optional<EnvironmentName> environment,
      Backend backend,
      BooleanSupplier stop,
      Consumer<String> messages) {
    Dataset dataset = origin.load(settings.data().maxEpisodeSteps());
    RunInfo info = RunInfo.of(settings, origin, environment, dataset, backend);
    Optional<EnvironmentSpec> spec = findEnvironment(info);
    if (info.reward().sayNothing(dataset.transitions())) {
      messages.accept(
          "All rewards are the same after the scaling '%s', so no action is better than another:"
                  .formatted(info.reward().kind().label())
              + " choose another data.rewardScaling, or data that differ.");
    }
    RunDirectory directory = RunDirectory.create(folder, info.toJson());
    return open(directory, info, spec, dataset, backend, stop, messages);
  }

  /**
   * Goes on with a run.
   *
   * @throws RunException if the data are not those that the run began with, or it was imported
   */
  public static TrainingRun resume(
      Path folder, Backend backend, BooleanSupplier stop, Consumer<String> messages) {
    RunDirectory directory = RunDirectory.resume(folder);
    try {
      RunInfo info = RunInfo.read(directory.config());
      if (RunInfo.isOfImported(directory.config())) {
        throw new RunException(
            "The run "
                + folder
                + " was imported: it holds weights, but no optimiser and no random streams to go on"
                + " with; start a new run.");
      }
      Dataset dataset = info.loadData(folder);
      if (!Engine.of(backend).givesTheBitsOf(info.engine())) {
        messages.accept(
            "The run began on '"
                + info.engine().description()
                + "' and goes on with '"
                + backend.description()
                + "': the results will not be bit-equal to a run never stopped.");
      }
      return open(directory, info, findEnvironment(info), dataset, backend, stop, messages);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Before anything is done: a run that ends with returns must not fail after hours. */
  private static Optional<EnvironmentSpec> findEnvironment(RunInfo info) {
    Optional<EnvironmentSpec> environment = info.environment().map(EnvironmentName::spec);
    environment.ifPresent(spec -> RunEvaluation.requireFits(info, spec));
    return environment;
  }

  private static TrainingRun open(
      RunDirectory directory,
      RunInfo info,
      Optional<EnvironmentSpec> environment,
      Dataset dataset,
      Backend backend,
      BooleanSupplier stop,
      Consumer<String> messages) {
    try {
      return new TrainingRun(directory, info, environment, dataset, backend, stop, messages);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Restores the last checkpoint, if there is one. */
  private RunState restore(Consumer<String> messages) {
    Optional<Checkpoint> latest = checkpoints.latest();
    if (latest.isEmpty()) {
      return RunState.START;
    }
    String file = directory.checkpoints().toString();
    TensorArrays.restore(qgpo.state(), latest.get().arrays(), file);
    RunState state = RunState.of(latest.get().state(), file);
    qgpo.restoreCounters(state.behaviour(), state.guidance());
    messages.accept(
        "Resuming after %d behaviour steps and %d guidance steps."
            .formatted(state.behaviour(), state.guidance()));
    return state;
  }

  /**
   * Trains to the end, or until asked to stop.
   *
   * @return whether it reached the end
   * @throws DivergedException if the loss is no longer finite, or far from anything sensible
   */
  public boolean train() {
    lastSave = System.nanoTime();
    try {
      return trainBehaviour() && trainGuidance();
    } catch (NotFiniteException e) { // of a backend with FiniteChecks
      throw new DivergedException(
          "The first number that is not finite arises after %d behaviour steps and %d of critic and energy: %s."
              .formatted(qgpo.behaviourDone(), qgpo.guidanceDone(), e.getMessage()));
    }
  }

  private boolean trainBehaviour() {
    int steps = info.settings().behaviour().steps();
    if (qgpo.behaviourDone() >= steps) {
      return true;
    }
    double loss = Double.NaN;
    times.begin(Stages.BEHAVIOUR);
    try (Progress progress = Progress.start(Stages.BEHAVIOUR, steps, qgpo.behaviourDone())) {
      while (qgpo.behaviourDone() < steps && !stop.getAsBoolean()) {
        qgpo.behaviourStep();
        times.done(1, flop.behaviourStep());
        long done = qgpo.behaviourDone();
        if (done % METRICS_STEPS == 0 || done == steps) {
          loss = guard.behaviour(qgpo.takeBehaviourLoss(), done);
          metrics.append(Metrics.line(Stages.BEHAVIOUR, done).put("loss", loss));
        }
        update(progress, done, loss);
        if (curve.isDue(done)) {
          times.begin(EvaluationCurve.STAGE);
          curve.behaviour(Stages.BEHAVIOUR, done, policy());
          times.begin(Stages.BEHAVIOUR);
        }
        saveIfDue();
      }
    }
    save();
    return qgpo.behaviourDone() >= steps;
  }

  private static void update(Progress progress, long done, double loss) {
    if (Double.isNaN(loss)) {
      progress.update(done);
    } else {
      progress.update(done, loss);
    }
  }

  private boolean trainGuidance() {
    int criticSteps = info.settings().critic().steps();
    int energySteps = info.settings().energy().steps();
    int steps = qgpo.guidanceSteps();
    if (qgpo.guidanceDone() >= steps) {
      return true;
    }
    try (MappedFloats support = openSupport()) {
      if (!fillSupport(support)) {
        return false;
      }
      if (qgpo.guidanceDone() == 0) {
        logDispersion(support);
      }
      qgpo.useSupport(support);
      double loss = Double.NaN;
      times.begin(Stages.GUIDANCE);
      try (Progress progress = Progress.start(Stages.GUIDANCE, steps, qgpo.guidanceDone())) {
        while (qgpo.guidanceDone() < steps && !stop.getAsBoolean()) {
          qgpo.guidanceStep();
          long done = qgpo.guidanceDone();
          times.done(1, flop.guidanceStep(done <= criticSteps, done <= energySteps));
          if (done % METRICS_STEPS == 0 || done == steps) {
            loss = logGuidance(done);
          }
          evaluateIfDue(done);
          update(progress, done, loss);
          saveIfDue();
        }
      }
      if (qgpo.guidanceDone() >= steps) {
        logDistributions();
      }
      if (qgpo.guidanceDone()
          > 0) { // else the line of the dispersion would be kept, and come again
        save();
      }
    }
    return qgpo.guidanceDone() >= steps;
  }

  private void logDistributions() {
    metrics.append(
        MetricLines.distributions(
            qgpo.guidanceDone(), qgpo.valueDistributions(DISTRIBUTION_BATCHES)));
  }

  private double logGuidance(long done) {
    GuidanceLosses losses = qgpo.takeGuidanceLosses();
    ObjectNode line = Metrics.line(Stages.GUIDANCE, done);
    if (!Double.isNaN(losses.criticLoss()) || done <= info.settings().critic().steps()) {
      line.put("criticLoss", guard.critic(losses.criticLoss(), done));
      line.put("meanQ", guard.value(losses.meanQ(), done));
    }
    if (done <= info.settings().energy().steps()) {
      line.put("energyLoss", guard.energy(losses.energyLoss(), done));
    }
    metrics.append(line);
    return Double.isNaN(losses.energyLoss()) ? losses.criticLoss() : losses.energyLoss();
  }

  /** Between checkpoints: a run that resumes before this step evaluates again, to the same bits. */
  private void evaluateIfDue(long done) {
    if (!curve.isDue(done) || done > info.settings().energy().steps()) {
      return;
    }
    times.begin(EvaluationCurve.STAGE);
    if (curve.guided(Stages.GUIDANCE, done, policy())) {
      checkpoints.saveBest(steps(), state(), tensors());
    }
    times.begin(Stages.GUIDANCE);
  }

  private MappedFloats openSupport() {
    Path file = directory.support();
    int columns = info.settings().support().candidates() * data.actionDim();
    long fingerprint = info.settings().seed();
    return Files.exists(file)
        ? MappedFloats.open(file, data.stateCount(), columns, fingerprint)
        : MappedFloats.create(file, data.stateCount(), columns, fingerprint);
  }

  private boolean fillSupport(MappedFloats support) {
    if (support.isComplete()) {
      return true;
    }
    times.begin(Stages.SUPPORT);
    try (Progress progress =
        Progress.start(Stages.SUPPORT, data.stateCount(), support.rowsAppended())) {
      qgpo.fillSupport(support, stop, (rows, states) -> supportDone(progress, rows, states));
    }
    save(); // the rows are safe already, their time is not
    return support.isComplete();
  }

  private void supportDone(Progress progress, int rows, int states) {
    times.done(states, states * flop.supportState());
    progress.update(rows);
    saveIfDue();
  }

  private void logDispersion(MappedFloats support) {
    var dispersion = SupportDispersion.of(support, dataset.transitions(), info.bounds());
    System.out.println(dispersion); // beside the progress of the stage
    metrics.append(MetricLines.dispersion(support.rows(), dispersion));
  }

  private void saveIfDue() {
    long interval = TimeUnit.SECONDS.toNanos(info.settings().checkpoint().everySeconds());
    if (System.nanoTime() - lastSave >= interval) {
      save();
    }
  }

  private void save() {
    checkpoints.save(steps(), state(), tensors());
    JsonFiles.write(RunDirectory.timingsIn(directory.folder()), times.toJson());
    lastSave = System.nanoTime();
  }

  private List<NamedArray> tensors() {
    return guard.finite(TensorArrays.of(qgpo.state()), steps());
  }

  private long steps() {
    return qgpo.behaviourDone() + qgpo.guidanceDone();
  }

  private ObjectNode state() {
    return new RunState(
            qgpo.behaviourDone(),
            qgpo.guidanceDone(),
            metrics.sync(),
            curve.bestReturn(),
            times.state())
        .toJson();
  }

  /** The policy as trained so far. */
  public TrainedPolicy policy() {
    return new TrainedPolicy(info, TrainedPolicy.LAST, steps(), qgpo.policy(), data.backend());
  }

  /** What the run is. */
  public RunInfo info() {
    return info;
  }

  /** What computes. */
  public Backend backend() {
    return data.backend();
  }

  /** Its folder. */
  public Path folder() {
    return directory.folder();
  }

  @Override
  public void close() {
    metrics.close();
    directory.close();
  }
}
