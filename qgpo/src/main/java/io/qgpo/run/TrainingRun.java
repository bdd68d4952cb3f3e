package io.qgpo.run;

import io.qgpo.algorithm.DeviceData;
import io.qgpo.algorithm.FlopCount;
import io.qgpo.algorithm.Qgpo;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.algorithm.QgpoConfig.CriticConfig;
import io.qgpo.algorithm.SupportDispersion;
import io.qgpo.data.Dataset;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DeviceMemoryException;
import io.qgpo.tensor.cpu.FiniteChecks;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.NotFiniteException;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.Optional;
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
  private final Metrics metrics;
  private final BooleanSupplier stop;
  private final Dataset dataset;
  private final EvaluationCurve curve;
  private final StageTimes times;
  private final FlopCount flop;
  private final LossLog losses;
  private final RunSaver saver;
  private final Consumer<String> messages;

  private TrainingRun(
      RunDirectory directory,
      RunInfo info,
      Optional<EnvironmentSpec> environment,
      Dataset dataset,
      Backend backend,
      boolean searching,
      BooleanSupplier stop,
      Consumer<String> messages) {
    this.directory = directory;
    this.info = info;
    this.stop = stop;
    this.dataset = dataset;
    this.messages = messages;
    CriticConfig critic = info.settings().critic();
    try {
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
    } catch (DeviceMemoryException e) {
      throw e.with(
          "data and networks themselves do not fit; --backend simd keeps them in the host's"
              + " memory");
    }
    var checkpoints =
        new Checkpoints(directory.checkpoints(), info.settings().checkpoint().keep(), messages);
    RunState state = restore(checkpoints);
    Path folder = directory.folder();
    metrics = Metrics.open(directory.metrics(), RunDirectory.eventsIn(folder), state.metrics());
    curve = new EvaluationCurve(info, environment, metrics, state, stop);
    times = new StageTimes(backend);
    times.restore(state.times(), directory.checkpoints().toString());
    flop = qgpo.flop();
    var guard =
        new DivergenceGuard(
            info,
            dataset,
            "qgpo train --resume %s --detect-nan".formatted(ShellWord.of(folder)),
            () -> Checkpoints.newestStep(directory.checkpoints()),
            searching);
    losses = new LossLog(qgpo, info.settings(), metrics, guard);
    saver =
        new RunSaver(
            directory,
            checkpoints,
            info.settings().checkpoint().everySeconds(),
            qgpo,
            metrics,
            curve,
            times,
            losses,
            guard);
  }

  /**
   * A new run.
   *
   * @param folder is made; must hold no run
   * @param environment what the policy is evaluated in, if anything
   * @param stop asked after each step of the training and before each of an evaluation on its way:
   *     true ends the run with a checkpoint
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
    return open(directory, info, spec, dataset, backend, false, stop, messages);
  }

  /**
   * Goes on with a run.
   *
   * @throws RunException if the data are not those that the run began with, kernels of the user's
   *     are not, or it was imported
   */
  public static TrainingRun resume(
      Path folder, Backend backend, BooleanSupplier stop, Consumer<String> messages) {
    return resume(folder, backend, false, stop, messages);
  }

  /**
   * Goes on with a run that diverges, with a look at every number: it ends with the operation that
   * gave the first one which is not finite.
   *
   * @param backend on the CPU
   * @throws RunException as {@link #resume}, or if the backend is not on the CPU
   */
  public static TrainingRun searchNotFinite(
      Path folder, Backend backend, BooleanSupplier stop, Consumer<String> messages) {
    if (!HostStorage.isThatOf(backend)) {
      throw new RunException(
          "Looking at every number needs a backend on the CPU, found "
              + backend.name()
              + "; go on with --backend simd.");
    }
    return resume(folder, FiniteChecks.of(backend), true, stop, messages);
  }

  private static TrainingRun resume(
      Path folder,
      Backend backend,
      boolean searching,
      BooleanSupplier stop,
      Consumer<String> messages) {
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
      info.engine().requireKernels(backend, folder);
      Dataset dataset = info.loadData(folder);
      if (!Engine.of(backend).givesTheBitsOf(info.engine())) {
        messages.accept(
            "The run began on '"
                + info.engine().description()
                + "' and goes on with '"
                + backend.description()
                + "': the results will not be bit-equal to a run never stopped.");
      }
      return open(
          directory, info, findEnvironment(info), dataset, backend, searching, stop, messages);
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
      boolean searching,
      BooleanSupplier stop,
      Consumer<String> messages) {
    try {
      return new TrainingRun(
          directory, info, environment, dataset, backend, searching, stop, messages);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Restores the last checkpoint, if there is one. */
  private RunState restore(Checkpoints checkpoints) {
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
    saver.begin();
    try {
      if (curve.isUnfinished()) {
        evaluate();
      }
      return trainBehaviour() && trainGuidance();
    } catch (EvaluationStoppedException e) {
      saver.save();
      return false;
    } catch (NotFiniteException e) { // of a backend with FiniteChecks
      throw new DivergedException(
          "The first number that is not finite arises after %d behaviour steps and %d of critic and energy: %s"
              .formatted(qgpo.behaviourDone(), qgpo.guidanceDone(), e.getMessage()),
          "start anew with a smaller learning rate of that stage, or look at what its data hold");
    }
  }

  private boolean trainBehaviour() {
    int steps = info.settings().behaviour().steps();
    if (qgpo.behaviourDone() >= steps) {
      return true;
    }
    times.begin(Stages.BEHAVIOUR);
    losses.begin();
    try (Progress progress = Progress.start(Stages.BEHAVIOUR, steps, qgpo.behaviourDone())) {
      while (qgpo.behaviourDone() < steps && !stop.getAsBoolean()) {
        qgpo.behaviourStep();
        times.done(1, flop.behaviourStep());
        long done = qgpo.behaviourDone();
        update(progress, done, losses.behaviour());
        evaluateIfDue(Stages.BEHAVIOUR, done);
        saver.saveIfDue();
      }
    }
    saver.save();
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
    if (qgpo.guidanceDone() >= steps && metrics.has(Stages.DISTRIBUTIONS)) {
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
      times.begin(Stages.GUIDANCE);
      losses.begin();
      try (Progress progress = Progress.start(Stages.GUIDANCE, steps, qgpo.guidanceDone())) {
        while (qgpo.guidanceDone() < steps && !stop.getAsBoolean()) {
          qgpo.guidanceStep();
          long done = qgpo.guidanceDone();
          times.done(1, flop.guidanceStep(done <= criticSteps, done <= energySteps));
          double loss = losses.guidance();
          if (done <= energySteps) {
            evaluateIfDue(Stages.GUIDANCE, done);
          }
          update(progress, done, loss);
          if (done < steps) { // else once all is told
            saver.saveIfDue();
          }
        }
      }
      if (qgpo.guidanceDone() >= steps) {
        logDistributions();
      }
      // Before the first step the line of the dispersion would be kept, and come again.
      if (qgpo.guidanceDone() > 0) {
        saver.save();
      }
    }
    return qgpo.guidanceDone() >= steps;
  }

  private void logDistributions() {
    metrics.append(
        MetricLines.distributions(
            qgpo.guidanceDone(), qgpo.valueDistributions(DISTRIBUTION_BATCHES)));
  }

  /** Between checkpoints: a run that resumes before this step evaluates again, to the same bits. */
  private void evaluateIfDue(String stage, long done) {
    if (curve.isDue(done) && saver.maySave()) {
      evaluate();
      times.begin(stage);
    }
  }

  private void evaluate() {
    times.begin(EvaluationCurve.STAGE);
    if (qgpo.guidanceDone() == 0) {
      curve.behaviour(Stages.BEHAVIOUR, qgpo.behaviourDone(), policy());
    } else if (curve.guided(Stages.GUIDANCE, qgpo.guidanceDone(), policy())) {
      saver.saveBest();
    }
  }

  private MappedFloats openSupport() {
    int columns = info.settings().support().candidates() * data.actionDim();
    return SupportFile.open(
        directory.support(), data.stateCount(), columns, info.settings().seed(), messages);
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
    saver.save(); // the rows are safe already, their time is not
    return support.isComplete();
  }

  private void supportDone(Progress progress, int rows, int states) {
    times.done(states, states * flop.supportState());
    progress.update(rows);
    saver.saveIfDue();
  }

  private void logDispersion(MappedFloats support) {
    var dispersion = SupportDispersion.of(support, dataset.transitions(), info.bounds());
    System.out.println(dispersion); // beside the progress of the stage
    metrics.append(MetricLines.dispersion(support.rows(), dispersion));
  }

  /** The policy as trained so far. */
  public TrainedPolicy policy() {
    return new TrainedPolicy(
        info, TrainedPolicy.LAST, saver.steps(), qgpo.policy(), data.backend());
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
