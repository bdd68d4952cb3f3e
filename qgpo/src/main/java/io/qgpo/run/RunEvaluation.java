package io.qgpo.run;

import io.qgpo.algorithm.BehaviourCloning;
import io.qgpo.algorithm.DeviceData;
import io.qgpo.data.Dataset;
import io.qgpo.env.Evaluation;
import io.qgpo.env.Policy;
import io.qgpo.env.StepObserver;
import io.qgpo.env.VectorEnvironments;
import io.qgpo.tensor.Rng;

/**
 * How the policy of a run fares in the environment of its data, beside two yardsticks: a policy by
 * hand, and unimodal cloning of the same data. The same episodes are played with each.
 */
public final class RunEvaluation {
  /** States acted on at once: enough to keep the processors busy, and some 100 MB at most. */
  private static final int STATES_AT_ONCE = 4096;

  private final TrainedPolicy policy;
  private final DataOrigin.Task task;
  private StepObserver observer = (episode, before, step) -> {};

  /**
   * An evaluation of this policy.
   *
   * @throws RunException if its data have no environment here
   */
  public RunEvaluation(TrainedPolicy policy) {
    this.policy = policy;
    task =
        policy
            .info()
            .origin()
            .task()
            .orElseThrow(
                () ->
                    new RunException(
                        "The run learnt from a file, and there is no environment to evaluate it in:"
                            + " draw its actions with 'sample'."));
  }

  /** Has the next episodes watched. */
  public void observe(StepObserver observer) {
    this.observer = observer;
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
    int stateDim = policy.info().stateDim();
    int actionDim = policy.info().actionDim();
    float[] block = new float[Math.min(episodes, STATES_AT_ONCE) * stateDim];
    Policy guided =
        (observations, count, actions) -> {
          for (int from = 0; from < count; from += STATES_AT_ONCE) {
            int rows = Math.min(STATES_AT_ONCE, count - from);
            System.arraycopy(observations, from * stateDim, block, 0, rows * stateDim);
            float[] drawn = policy.act(block, rows, 1, scale, noise);
            System.arraycopy(drawn, 0, actions, from * actionDim, rows * actionDim);
          }
        };
    return play(guided, episodes, seed);
  }

  /** Plays with the policy by hand. */
  public Evaluation optimum(int episodes, long seed) {
    return play(task.optimum(), episodes, seed);
  }

  /**
   * Trains a unimodal clone of the run's data and plays with it.
   *
   * @param steps updates of the clone
   */
  public Evaluation cloning(int steps, int episodes, long seed) {
    RunInfo info = policy.info();
    Dataset dataset = info.origin().load(info.settings().data().maxEpisodeSteps());
    DeviceData data =
        DeviceData.of(policy.backend(), dataset.transitions(), info.bounds(), info.reward());
    var clone = new BehaviourCloning(data, info.settings().seed(), steps);
    Policy cloned =
        (observations, count, actions) -> {
          float[] means = clone.act(observations, count);
          info.bounds().fromUnit(means, 0, count, info.actionDim());
          System.arraycopy(means, 0, actions, 0, means.length);
        };
    return play(cloned, episodes, seed);
  }

  private Evaluation play(Policy player, int episodes, long seed) {
    return new VectorEnvironments(task.environment(), episodes).run(player, seed, observer);
  }
}
