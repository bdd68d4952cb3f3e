package io.qgpo.run;

import io.qgpo.algorithm.BehaviourCloning;
import io.qgpo.algorithm.DeviceData;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.algorithm.QgpoConfig.EvaluationConfig;
import io.qgpo.data.DataException;
import io.qgpo.data.Dataset;
import io.qgpo.env.Environment;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.Evaluation;
import io.qgpo.env.Policy;
import io.qgpo.env.StepObserver;
import io.qgpo.env.VectorEnvironments;
import io.qgpo.run.EvaluationReport.Result;
import io.qgpo.tensor.Rng;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How the policy of a run fares in an environment, beside two yardsticks: unimodal cloning of the
 * same data, and a policy by hand where there is one. The same episodes are played with each.
 */
public final class RunEvaluation {
  private static final String CLONING = "unimodal cloning";

  private final TrainedPolicy policy;
  private final EnvironmentSpec environment;
  private Function<String, StepObserver> observers = name -> StepObserver.nobody();
  private BooleanSupplier stop = () -> false;

  /**
   * An evaluation of this policy.
   *
   * @throws RunException if the environment's states or actions are of another size than the data's
   */
  public RunEvaluation(TrainedPolicy policy, EnvironmentSpec environment) {
    this.policy = policy;
    this.environment = environment;
    requireFits(policy.info(), environment);
  }

  /**
   * Checks that a policy of these data can act in an environment.
   *
   * @throws RunException if not
   */
  static void requireFits(RunInfo info, EnvironmentSpec environment) {
    requireFits("the data have", info.stateDim(), info.actionDim(), environment);
  }

  private static void requireFits(
      String owner, int stateSize, int actionSize, EnvironmentSpec environment) {
    try (Environment one = environment.factory().get()) {
      if (one.observationSize() != stateSize || one.actionSize() != actionSize) {
        throw new RunException(
            "The environment %s has states of %d numbers and actions of %d, %s %d and %d: name the"
                    .formatted(
                        environment.name(),
                        one.observationSize(),
                        one.actionSize(),
                        owner,
                        stateSize,
                        actionSize)
                + " environment that the data were recorded in.");
      }
    }
  }

  /**
   * Has the next episodes watched, after those who watch already.
   *
   * @param more who watches the policy of this name
   */
  public RunEvaluation observedBy(Function<String, StepObserver> more) {
    Function<String, StepObserver> first = observers;
    observers = name -> first.apply(name).and(more.apply(name));
    return this;
  }

  /**
   * Lets episodes be stopped.
   *
   * @param request asked before each step: true ends them with {@link EvaluationStoppedException}
   */
  RunEvaluation stoppedBy(BooleanSupplier request) {
    stop = request;
    return this;
  }

  /**
   * Plays with the policy at each scale, and with what it is compared with.
   *
   * @param seed of the episodes and of the policies' noise
   * @param messages takes a sentence where something is left out: cloning, if the run's data are
   *     gone
   */
  public EvaluationReport report(EvaluationConfig settings, long seed, Consumer<String> messages) {
    int episodes = settings.episodes();
    Optional<Dataset> toClone =
        settings.cloningSteps() > 0 ? dataToClone(messages) : Optional.empty();
    List<Result> results = new ArrayList<>();
    for (double scale : settings.guidanceScales()) {
      results.add(Result.guided(scale, guided(scale, episodes, seed)));
    }
    toClone.ifPresent(
        dataset -> {
          Policy clone = clone(dataset, settings.cloningSteps());
          results.add(Result.yardstick(CLONING, play(CLONING, clone, episodes, seed)));
        });
    environment
        .optimum()
        .ifPresent(
            optimum -> {
              String name = "scripted optimum";
              results.add(Result.yardstick(name, play(name, optimum, episodes, seed)));
            });
    return new EvaluationReport(
        environment,
        episodes,
        seed,
        policy.checkpoint(),
        OptionalLong.of(policy.step()),
        protocol(),
        results);
  }

  /**
   * Plays with the policy that recorded a data set.
   *
   * @throws RunException if it is for states or actions of another size
   */
  public static EvaluationReport recorded(
      Path file, EnvironmentSpec environment, int episodes, long seed) {
    RecordedPolicy policy = RecordedPolicy.read(file);
    requireFits("the policy has", policy.stateSize(), policy.actionSize(), environment);
    try (var environments = new VectorEnvironments(environment, episodes)) {
      Map<String, String> protocol = protocol(environment);
      protocol.put("actions", "the mean");
      return new EvaluationReport(
          environment,
          episodes,
          seed,
          "metadata/policy of " + file.getFileName(),
          OptionalLong.empty(),
          protocol,
          List.of(Result.yardstick("recorded policy", environments.run(policy, seed))));
    }
  }

  private static Map<String, String> protocol(EnvironmentSpec environment) {
    Map<String, String> protocol = new LinkedHashMap<>(environment.protocol());
    try (Environment one = environment.factory().get()) {
      protocol.put("step limit", Integer.toString(one.maxSteps()));
    }
    return protocol;
  }

  /** What decides the returns besides the weights. */
  private Map<String, String> protocol() {
    Map<String, String> protocol = protocol(environment);
    QgpoConfig settings = policy.info().settings();
    if (policy.checkpoint().equals(TrainedPolicy.BEST)) {
      protocol.put(
          "best checkpoint",
          "the highest mean return of any guidance scale when training evaluated every %d steps, %d"
                  .formatted(settings.evaluation().everySteps(), settings.evaluation().episodes())
              + " episodes of seed "
              + settings.seed());
    }
    var sampler = settings.sampler();
    protocol.put(
        "sampler",
        sampler.preset().name().toLowerCase(Locale.ROOT)
            + ", "
            + sampler.evaluations()
            + " evaluations");
    protocol.put("actions", "one sample a step, clipped to the data's bounds");
    protocol.put("returns", "undiscounted sums of the environment's rewards");
    protocol.put("qgpo", ProgramVersion.text() + " on " + policy.backend().name());
    return protocol;
  }

  /**
   * Plays with the guided policy.
   *
   * @param scale w; 1 for the exact target policy, 0 for the behaviour
   * @param episodes at least 1
   * @param seed decides the episodes and the policy's noise
   */
  public Evaluation guided(double scale, int episodes, long seed) {
    Rng noise = policy.rng(seed);
    Policy guided =
        (observations, count, actions) -> {
          float[] drawn = policy.act(observations, count, 1, scale, noise);
          System.arraycopy(drawn, 0, actions, 0, drawn.length);
        };
    return play(EvaluationReport.guidedName(scale), guided, episodes, seed);
  }

  /** The run's data, unless they are gone or others: returns are worth having without the clone. */
  private Optional<Dataset> dataToClone(Consumer<String> messages) {
    RunInfo info = policy.info();
    String fault;
    try {
      Dataset dataset = info.origin().load(info.settings().data().maxEpisodeSteps());
      if (dataset.source().sha256().equals(info.sha256())) {
        return Optional.of(dataset);
      }
      fault = dataset.source().name() + " has changed since the run began";
    } catch (DataException e) {
      fault = e.getMessage();
    }
    messages.accept("Without " + CLONING + ", which needs the run's data: " + fault);
    return Optional.empty();
  }

  /** A unimodal clone of the run's data. */
  private Policy clone(Dataset dataset, int steps) {
    RunInfo info = policy.info();
    DeviceData data =
        DeviceData.of(
            policy.backend(),
            dataset.transitions(),
            info.states(),
            info.bounds(),
            info.reward(),
            1,
            1);
    var clone = new BehaviourCloning(data, info.settings().seed(), steps);
    return (observations, count, actions) -> {
      float[] states = Arrays.copyOf(observations, count * info.stateDim());
      info.states().apply(states, count);
      float[] means = clone.act(states, count);
      info.bounds().fromUnit(means, 0, count, info.actionDim());
      System.arraycopy(means, 0, actions, 0, means.length);
    };
  }

  private Evaluation play(String name, Policy player, int episodes, long seed) {
    Policy stoppable =
        (observations, count, actions) -> {
          if (stop.getAsBoolean()) {
            throw new EvaluationStoppedException();
          }
          player.act(observations, count, actions);
        };
    try (var environments = new VectorEnvironments(environment, episodes)) {
      return environments.run(stoppable, seed, observers.apply(name));
    }
  }
}
