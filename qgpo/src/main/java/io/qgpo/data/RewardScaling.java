package io.qgpo.data;

import java.util.Locale;

/** The reward scalings of the authors' code, and a choice between them. */
public enum RewardScaling {
  /** Rewards as recorded. */
  NONE,
  /** Times 1000 / (largest - smallest return): for MuJoCo locomotion. */
  LOCOMOTION,
  /** Reward - 1: for AntMaze, whose reward is 1 at the goal and 0 elsewhere. */
  ANTMAZE,
  /**
   * {@link #NONE} for a built-in generated set, whose rewards are already of fitting size. {@link
   * #ANTMAZE} where every reward is 0 or 1 and it is a 1 that ends an episode for good, as in
   * AntMaze: to end it sooner is then worth something. {@link #NONE} for such rewards where nothing
   * ends, as in Maze2D: less by 1 a step, no policy would be better or worse. Otherwise {@link
   * #LOCOMOTION}, if returns differ at all.
   */
  AUTO;

  /** Steps after which a window of {@link #LOCOMOTION} ends; also its factor. */
  private static final int WINDOW = 1000;

  /**
   * What a scaling does to a reward: reward * scale + shift.
   *
   * @param kind the scaling chosen, never {@link #AUTO}
   * @param scale factor, finite and above 0
   * @param shift summand
   */
  public record Transform(RewardScaling kind, double scale, double shift) {
    /** The scaled reward. */
    public float apply(float reward) {
      return (float) (reward * scale + shift);
    }

    /**
     * Whether nothing can be learnt from these rewards, once scaled: all are 0, or all are the same
     * and no episode ends sooner than another.
     */
    public boolean sayNothing(Transitions transitions) {
      float first = apply(transitions.reward(0));
      boolean ends = false;
      for (int i = 0; i < transitions.size(); i++) {
        if (apply(transitions.reward(i)) != first) {
          return false;
        }
        ends |= transitions.terminal(i);
      }
      return first == 0 || !ends;
    }

    /** Scaled rewards of all transitions, [n]. */
    public float[] apply(Transitions transitions) {
      float[] rewards = transitions.rewards();
      for (int i = 0; i < rewards.length; i++) {
        rewards[i] = apply(rewards[i]);
      }
      return rewards;
    }
  }

  /** The name used in settings: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The transform that this scaling means for a data set.
   *
   * @throws DataException for {@link #LOCOMOTION} where all windows have the same return or none is
   *     complete
   */
  public Transform of(Dataset dataset) {
    Transitions transitions = dataset.transitions();
    return switch (this) {
      case NONE -> new Transform(NONE, 1, 0);
      case ANTMAZE -> new Transform(ANTMAZE, 1, -1);
      case LOCOMOTION -> {
        double range = returnRange(transitions);
        if (!(range > 0)) {
          throw DataException.ofKey(
              dataset.source().name(),
              "rewards",
              "windows of different return, to scale rewards by 1000 / (max - min return)",
              "a range of " + range + "; choose the reward scaling 'none'");
        }
        yield new Transform(LOCOMOTION, WINDOW / range, 0);
      }
      case AUTO -> {
        if (dataset.source().generated()) {
          yield NONE.of(dataset);
        }
        Ends ends = Ends.of(transitions);
        if (ends.rewardsAreZeroOrOne && ends.endAtOneAlone) {
          yield (ends.any ? ANTMAZE : NONE).of(dataset);
        }
        yield (returnRange(transitions) > 0 ? LOCOMOTION : NONE).of(dataset);
      }
    };
  }

  /**
   * Largest minus smallest return over windows that end at a terminal or after 1000 transitions,
   * the last incomplete one left out; 0 where no window is complete. As in the authors' code the
   * windows run over the <i>filtered</i> transitions: a timed-out episode of 1000 rows has 999 of
   * them, so windows drift across such episodes.
   */
  static double returnRange(Transitions transitions) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    int length = 0;
    for (int i = 0; i < transitions.size(); i++) {
      sum += transitions.reward(i);
      length++;
      if (transitions.terminal(i) || length == WINDOW) {
        min = Math.min(min, sum);
        max = Math.max(max, sum);
        sum = 0;
        length = 0;
      }
    }
    return max >= min ? max - min : 0;
  }

  /**
   * What episodes that end for good look like.
   *
   * @param any whether there is one
   * @param rewardsAreZeroOrOne whether no reward is anything else
   * @param endAtOneAlone whether a reward of 1 is what ends them, and 0 what does not: a reward of
   *     1 for each step that nothing fell over is another matter
   */
  private record Ends(boolean any, boolean rewardsAreZeroOrOne, boolean endAtOneAlone) {
    static Ends of(Transitions transitions) {
      boolean any = false;
      boolean zeroOrOne = true;
      boolean atOneAlone = true;
      boolean zeroInside = false;
      for (int i = 0; i < transitions.size(); i++) {
        float reward = transitions.reward(i);
        zeroOrOne &= reward == 0 || reward == 1;
        zeroInside |= reward == 0;
        if (transitions.terminal(i)) {
          any = true;
          atOneAlone &= reward == 1;
        }
      }
      return new Ends(any, zeroOrOne, atOneAlone && (zeroInside || !any));
    }
  }
}
