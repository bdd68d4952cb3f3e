package io.qgpo.run;

import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.data.Dataset;
import io.qgpo.data.StateTransform;
import io.qgpo.data.Transitions;
import io.qgpo.tensor.io.ElementType;
import io.qgpo.tensor.io.NamedArray;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Ends a training that has diverged, before a checkpoint takes that in: at a number that is not
 * finite, or beyond what a training that goes well comes near.
 *
 * <ul>
 *   <li>Losses of noise and of labels: a hundred times what knowing nothing costs.
 *   <li>Q: outside the returns that the rewards can give at all by as much as these differ, which
 *       leaves it three times their range. An untrained critic says what its inputs make it say,
 *       however small the rewards: it may differ by as much as the largest input.
 *   <li>The critic's loss: the square of all that Q may range over.
 * </ul>
 *
 * <p>A search for the first number that is not finite goes on past a limit, and saves nothing from
 * there on.
 */
final class DivergenceGuard {
  private static final double FACTOR = 100;

  /** Q is learnt at support actions, which an unlearnt behaviour model draws from anywhere. */
  private static final String CRITIC_ADVICE =
      "critic.learningRate or, where most support actions are out of the bounds, more"
          + " behaviour.steps";

  /** Steps of a search past a limit: what doubles every hundred steps comes up to 1e3 times it. */
  private static final int STEPS_BEYOND = 1000;

  /**
   * Between which something must lie.
   *
   * @param smaller what to start anew with if it does not
   */
  private record Limit(String what, double low, double high, String smaller) {
    static Limit ofLoss(String what, double high, String smaller) {
      return new Limit(what, -high, high, smaller);
    }

    boolean holds(double value) {
      return Double.isFinite(value) && value >= low && value <= high;
    }

    String broken(double value) {
      String beyond =
          Double.isFinite(value)
              ? String.format(Locale.ROOT, ", beyond %.4g", value < low ? low : high)
              : "";
      return String.format(Locale.ROOT, "%s became %.4g%s", what, value, beyond);
    }
  }

  /** What a search has gone past, and when. */
  private record Past(long step, String finding, String smaller) {}

  private final Limit behaviour;
  private final Limit critic;
  private final Limit value;
  private final Limit energy;
  private final String detect;
  private final Supplier<OptionalLong> saved;
  private final boolean searching;
  private Past past;

  /**
   * @param detect the command that finds the operation, for messages
   * @param saved tells the step of the newest checkpoint
   * @param searching whether to go on past a limit until a number is not finite
   */
  DivergenceGuard(
      RunInfo info,
      Dataset dataset,
      String detect,
      Supplier<OptionalLong> saved,
      boolean searching) {
    QgpoConfig settings = info.settings();
    Transitions transitions = dataset.transitions();
    ReturnBounds returns =
        ReturnBounds.of(
            transitions,
            info.reward().apply(transitions),
            settings.critic().discount(),
            longestEpisode(transitions, settings.data().maxEpisodeSteps()));
    double margin = Math.max(returns.width(), largestInput(transitions, info.states()));
    double range = returns.width() + 2 * margin;
    double energyLimit =
        switch (settings.energy().loss()) {
          case CEP -> FACTOR * Math.log(Math.max(2, settings.support().candidates()));
          case MSE -> square(Math.max(1, settings.energy().beta()) * range);
          case EMSE -> Double.POSITIVE_INFINITY; // its exponential is clamped
        };
    // E|z|^2 of the noise that the network would not predict at all.
    behaviour = Limit.ofLoss("behaviour loss", FACTOR * info.actionDim(), "behaviour.learningRate");
    critic = Limit.ofLoss("critic loss", square(range), CRITIC_ADVICE);
    value =
        new Limit(
            "critic's mean Q",
            returns.smallest() - margin,
            returns.largest() + margin,
            critic.smaller());
    energy = Limit.ofLoss("energy loss", energyLimit, "energy.learningRate");
    this.detect = detect;
    this.saved = saved;
    this.searching = searching;
  }

  private static double square(double x) {
    return x * x;
  }

  /** Steps of the longest one in the data, or of one that times out where the data do not say. */
  private static int longestEpisode(Transitions transitions, int maxEpisodeSteps) {
    int longest = maxEpisodeSteps;
    int length = 0;
    for (int i = 0; i < transitions.size(); i++) {
      boolean goesOn =
          i > 0
              && !transitions.terminal(i - 1)
              && transitions.stateIndex(i) == transitions.nextIndex(i - 1);
      length = goesOn ? length + 1 : 1;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /** Of the states as networks see them, and of actions, which lie in [-1, 1]. */
  private static double largestInput(Transitions transitions, StateTransform states) {
    int width = transitions.observationSize();
    float[] row = new float[width];
    double largest = 1;
    for (int i = 0; i < transitions.stateCount(); i++) {
      transitions.copyStates(i, 1, row, 0, width);
      states.apply(row, 1);
      for (float x : row) {
        largest = Math.max(largest, Math.abs(x));
      }
    }
    return largest;
  }

  /** The denoising loss as it is, if it is sound. */
  double behaviour(double loss, long step) {
    return check(behaviour, loss, step);
  }

  /** The energy's loss. */
  double energy(double loss, long step) {
    return check(energy, loss, step);
  }

  /** The critic's loss. */
  double critic(double loss, long step) {
    return check(critic, loss, step);
  }

  /** The mean of Q. */
  double value(double meanQ, long step) {
    return check(value, meanQ, step);
  }

  /** Whether a search has gone past a limit: nothing may be saved any more. */
  boolean isPastALimit() {
    return past != null;
  }

  /** Weights, moments and meters, before they are saved. */
  List<NamedArray> sound(List<NamedArray> state, long step) {
    if (isPastALimit()) {
      throw nothingInfinite();
    }
    for (NamedArray array : state) {
      if (array.type() == ElementType.F32) {
        for (float number : array.floats()) {
          if (!Float.isFinite(number)) {
            throw diverged(
                finding(step, "'%s' became %s".formatted(array.name(), number)), "learning rate");
          }
        }
      }
    }
    return state;
  }

  private double check(Limit limit, double number, long step) {
    if (limit.holds(number)) {
      return number;
    }
    String finding = finding(step, "the " + limit.broken(number));
    if (!searching || !Double.isFinite(number)) {
      throw diverged(finding, limit.smaller());
    }
    if (past == null) {
      past = new Past(step, finding, limit.smaller());
    }
    if (step - past.step() >= STEPS_BEYOND) {
      throw nothingInfinite();
    }
    return number;
  }

  private static String finding(long step, String what) {
    return "by step %d %s".formatted(step, what);
  }

  private DivergedException diverged(String finding, String smaller) {
    OptionalLong step = saved.get();
    String kept =
        step.isPresent()
            ? "the checkpoint of step %d is from before that, when all losses were within their limits"
                .formatted(step.getAsLong())
            : "nothing had been saved yet";
    return new DivergedException(
        "The training has diverged: " + finding,
        "%s; start anew with a smaller %s, or find the operation that gave the first number which"
                .formatted(kept, smaller)
            + " is not finite, with "
            + detect);
  }

  private DivergedException nothingInfinite() {
    return new DivergedException(
        "No operation gave a number that is not finite: %s, yet all numbers up to there and past it are finite"
            .formatted(past.finding()),
        "start anew with a smaller " + past.smaller());
  }
}
