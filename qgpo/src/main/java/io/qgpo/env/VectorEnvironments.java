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
  /**
   * Episodes that run side by side, more of them one lot after the other: a MuJoCo environment
   * takes 1.7 MB, and for so many states at once the networks gain nothing more.
   */
  static final int AT_ONCE = 256;

  private final int episodes;
  private final List<CheckedEnvironment> environments;

  /**
   * @param name what the environment is called, for messages
   * @param factory makes one environment per call
   * @param episodes how many episodes a run has, at least 1
   * @throws EnvironmentException if an environment cannot be made
   */
  public VectorEnvironments(String name, Supplier<? extends Environment> factory, int episodes) {
    if (episodes < 1) {
      throw new IllegalArgumentException("episodes: expected at least 1, found " + episodes);
    }
    this.episodes = episodes;
    List<CheckedEnvironment> list = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(episodes, AT_ONCE); i++) {
        list.add(new CheckedEnvironment(name, factory.get()));
      }
    } catch (RuntimeException e) {
      list.forEach(CheckedEnvironment::close);
      throw e;
    }
    environments = List.copyOf(list);
  }

  /** The episodes of an environment. */
  public VectorEnvironments(EnvironmentSpec environment, int episodes) {
    this(environment.name(), environment.factory(), episodes);
  }

  /** Number of episodes. */
  public int size() {
    return episodes;
  }

  /**
   * Runs all episodes.
   *
   * @param policy chooses the actions; is called with the running episodes in order, those that are
   *     over left out
   * @param seed decides the episodes' seeds; episode i's seed does not depend on how many there are
   * @return returns and lengths, one per episode
   * @throws EnvironmentException if an environment breaks its own rules or fails
   */
  public Evaluation run(Policy policy, long seed) {
    return run(policy, seed, StepObserver.nobody());
  }

  /** The same, with someone who watches. */
  public Evaluation run(Policy policy, long seed, StepObserver observer) {
    var results = new Results(episodes);
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int first = 0; first < episodes; first += environments.size()) {
      int count = Math.min(environments.size(), episodes - first);
      new Lot(first, count, results, observer).run(policy, seeds);
    }
    return new Evaluation(results.returns, results.lengths, results.terminated);
  }

  /** By episode. */
  private record Results(double[] returns, int[] lengths, boolean[] terminated) {
    Results(int count) {
      this(new double[count], new int[count], new boolean[count]);
    }
  }

  /** Episodes that run side by side, the first of them with this number. */
  private final class Lot {
    private final int first;
    private final Results results;
    private final StepObserver observer;
    private final int width = environments.getFirst().observationSize();
    private final int actionWidth = environments.getFirst().actionSize();
    private final float[] observations;
    private final float[] actions;
    private final float[] before = new float[width];
    private final int[] running;
    private final Environment.Step[] steps;

    Lot(int first, int count, Results results, StepObserver observer) {
      this.first = first;
      this.results = results;
      this.observer = observer;
      observations = new float[count * width];
      actions = new float[count * actionWidth];
      running = new int[count];
      steps = new Environment.Step[count];
    }

    void run(Policy policy, SplittableRandom seeds) {
      int live = running.length;
      for (int i = 0; i < live; i++) {
        CheckedEnvironment environment = environments.get(i);
        float[] start = environment.reset(first + i, seeds.nextLong());
        System.arraycopy(start, 0, observations, i * width, width);
        running[i] = i;
        observer.started(first + i, environment.unchecked());
      }
      while (live > 0) {
        policy.act(observations, live, actions);
        step(live);
        live = record(live);
      }
    }

    /** Steps the running environments, which share nothing, each into a place of its own. */
    private void step(int live) {
      IntStream places = IntStream.range(0, live);
      if (environments.getFirst().isSlow()) {
        places = places.parallel();
      }
      places.forEach(
          k -> {
            float[] action = Arrays.copyOfRange(actions, k * actionWidth, (k + 1) * actionWidth);
            steps[k] = environments.get(running[k]).step(action);
          });
    }

    /** Adds the steps to the results; returns how many episodes go on, moved to the front. */
    private int record(int live) {
      int kept = 0;
      for (int k = 0; k < live; k++) {
        int i = running[k];
        Environment.Step step = steps[k];
        System.arraycopy(observations, k * width, before, 0, width);
        observer.stepped(first + i, before, step);
        results.returns[first + i] += step.reward();
        results.lengths[first + i]++;
        results.terminated[first + i] = step.terminated();
        if (!step.done()) {
          running[kept] = i;
          System.arraycopy(step.observation(), 0, observations, kept * width, width);
          kept++;
        }
      }
      return kept;
    }
  }

  /** Closes all environments. */
  @Override
  public void close() {
    environments.forEach(CheckedEnvironment::close);
  }
}
