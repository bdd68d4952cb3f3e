package io.qgpo.env;

import io.qgpo.data.Transitions;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Policies that act as the data did in the nearest states: learners without a network. */
final class Neighbours {
  /** Weight of a velocity against a position, in squared distances. */
  private static final float VELOCITY_WEIGHT = 0.4f;

  private final float[][] states;
  private final float[][] actions;
  private final int k;

  /**
   * @param transitions the data
   * @param use which transitions to use
   * @param k how many neighbours
   */
  Neighbours(Transitions transitions, IntPredicate use, int k) {
    int[] used = IntStream.range(0, transitions.size()).filter(use).toArray();
    states = new float[used.length][4];
    actions = new float[used.length][2];
    for (int i = 0; i < used.length; i++) {
      transitions.gatherStates(new int[] {used[i]}, 1, states[i], 0, 4);
      transitions.gatherActions(new int[] {used[i]}, 1, actions[i], 0, 2);
    }
    this.k = k;
  }

  /** The mean action of the neighbours: what cloning by squared error converges to. */
  Policy mean() {
    return (observations, count, out) -> {
      Arrays.fill(out, 0, 2 * count, 0);
      for (int i = 0; i < count; i++) {
        for (int j : nearest(observations, 4 * i)) {
          out[2 * i] += actions[j][0] / k;
          out[2 * i + 1] += actions[j][1] / k;
        }
      }
    };
  }

  /** The action of a random neighbour: what a perfect model of the behaviour does. */
  Policy sample(RandomGenerator random) {
    return (observations, count, out) -> {
      for (int i = 0; i < count; i++) {
        int j = nearest(observations, 4 * i)[random.nextInt(k)];
        System.arraycopy(actions[j], 0, out, 2 * i, 2);
      }
    };
  }

  private int[] nearest(float[] observations, int at) {
    int[] best = new int[k];
    float[] distance = new float[k];
    Arrays.fill(distance, Float.POSITIVE_INFINITY);
    for (int i = 0; i < states.length; i++) {
      float[] s = states[i];
      float dx = s[0] - observations[at];
      float dy = s[1] - observations[at + 1];
      float du = s[2] - observations[at + 2];
      float dv = s[3] - observations[at + 3];
      float d = dx * dx + dy * dy + VELOCITY_WEIGHT * (du * du + dv * dv);
      if (d < distance[k - 1]) {
        int j = k - 1;
        for (; j > 0 && distance[j - 1] > d; j--) {
          distance[j] = distance[j - 1];
          best[j] = best[j - 1];
        }
        distance[j] = d;
        best[j] = i;
      }
    }
    return best;
  }
}
