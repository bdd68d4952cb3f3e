package io.qgpo.env;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Several copies of an environment run in lock-step: every step asks the policy once, for the
 * states of all episodes that are still running. {@linkplain Environment#isSlow Slow} environments
 * step on several threads; the results do not depend on how many.
 */
public final class VectorEnvironments implements AutoCloseable {
  private final List<Environment> environments;

  /**
   * @param factory makes one environment per call
   * @param count how many, at least 1: the number of episodes that run side by side
   */
  public VectorEnvironments(Supplier<? extends Environment> factory, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("environments: expected at least 1, found " + count);
    }
    List<Environment> list = new ArrayList<>(count);
    try {
      for (int i = 0; i < count; i++) {
        list.add(factory.get());
      }
    } catch (RuntimeException e) {
      list.forEach(Environment::close);
      throw e;
    }
    environments = List.copyOf(list);
  }

  /** Number of environments. */
  public int size() {
    return environments.size();
  }

  /**
   * Runs one episode in every environment.
   *
   * @param policy chooses the actions; is called with the running episodes in order, those that are
   *     over left out
   * @param seed decides the episodes' seeds; episode i's seed does not depend on how many there are
   * @return returns and lengths, one per environment
   */
  public Evaluation run(Policy policy, long seed) {
    return run(policy, seed, StepObserver.nobody());
  }

  /** The same, with someone who watches. */
  public Evaluation run(Policy policy, long seed, StepObserver observer) {
    int count = environments.size();
    int width = environments.getFirst().observationSize();
    int actionWidth = environments.getFirst().actionSize();
    float[] observations = new float[count * width];
    float[] actions = new float[count * actionWidth];
    double[] returns = new double[count];
    int[] lengths = new int[count];
    boolean[] terminated = new boolean[count];
    int[] running = new int[count];
    float[] before = new float[width];
    Environment.Step[] steps = new Environment.Step[count];
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      float[] first = environments.get(i).reset(seeds.nextLong());
      System.arraycopy(first, 0, observations, i * width, width);
      running[i] = i;
      observer.started(i, environments.get(i));
    }
    int live = count;
    while (live > 0) {
      policy.act(observations, live, actions);
      step(running, live, actions, steps);
      int kept = 0;
      for (int k = 0; k < live; k++) {
        int i = running[k];
        Environment.Step step = steps[k];
        System.arraycopy(observations, k * width, before, 0, width);
        observer.stepped(i, before, step);
        returns[i] += step.reward();
        lengths[i]++;
        terminated[i] = step.terminated();
        if (!step.done()) {
          running[kept] = i;
          System.arraycopy(step.observation(), 0, observations, kept * width, width);
          kept++;
        }
      }
      live = kept;
    }
    return new Evaluation(returns, lengths, terminated);
  }

  /** Steps the running environments, which share nothing, each into a place of its own. */
  private void step(int[] running, int live, float[] actions, Environment.Step[] steps) {
    int width = environments.getFirst().actionSize();
    IntStream places = IntStream.range(0, live);
    if (environments.getFirst().isSlow()) {
      places = places.parallel();
    }
    places.forEach(
        k -> {
          float[] action = Arrays.copyOfRange(actions, k * width, (k + 1) * width);
          steps[k] = environments.get(running[k]).step(action);
        });
  }

  /** Closes all environments. */
  @Override
  public void close() {
    environments.forEach(Environment::close);
  }
}
