package io.qgpo.algorithm;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Linear;
import io.qgpo.autograd.nn.Module;
import io.qgpo.autograd.op.Layout;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The behaviour model's network (Lu et al. 2023, appendix; the authors' code): a U-shaped residual
 * network over the action, conditioned on state and time. It predicts h with score = h / sigma(t),
 * so h is minus the predicted noise. 1.634 M parameters at width 512, 17 state and 6 action
 * dimensions.
 */
public final class ScoreNet extends Module {
  private final int embedding;
  private final TimeEmbedding time;
  private final Linear state;
  private final Linear condition1;
  private final Linear condition2;
  private final ResidualBlock down1;
  private final ResidualBlock down2;
  private final ResidualBlock down3;
  private final ResidualBlock middle;
  private final ResidualBlock up3;
  private final ResidualBlock up2;
  private final Linear output;

  /** Sizes of the network; the paper's are 512, 32 and 30. */
  public record Size(int width, int embedding, double fourierScale) {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if width is no multiple of 4 or a size is below its least
     */
    public Size {
      if (width < 4 || width % 4 != 0 || embedding < 2 || embedding % 2 != 0) {
        throw new IllegalArgumentException(
            "ScoreNet: expected a width that is a multiple of 4 and an even embedding, found width "
                + width
                + ", embedding "
                + embedding);
      }
    }
  }

  /** A freshly initialised network. */
  public ScoreNet(Rng rng, DType dtype, int stateDim, int actionDim, Size size) {
    int wide = size.width();
    int half = wide / 2;
    int narrow = wide / 4;
    embedding = size.embedding();
    time = child("time", new TimeEmbedding(rng, dtype, embedding, size.fourierScale()));
    state = child("state", new Linear(rng, dtype, stateDim, embedding));
    condition1 = child("condition1", new Linear(rng, dtype, 2 * embedding, narrow));
    condition2 = child("condition2", new Linear(rng, dtype, narrow, narrow));
    down1 = child("down1", new ResidualBlock(rng, dtype, actionDim, wide, narrow));
    down2 = child("down2", new ResidualBlock(rng, dtype, wide, half, narrow));
    down3 = child("down3", new ResidualBlock(rng, dtype, half, narrow, narrow));
    middle = child("middle", new ResidualBlock(rng, dtype, narrow, narrow, narrow));
    up3 = child("up3", new ResidualBlock(rng, dtype, half, half, narrow));
    up2 = child("up2", new ResidualBlock(rng, dtype, wide, wide, narrow));
    output = child("output", new Linear(rng, dtype, 2 * wide, actionDim));
  }

  /**
   * h for each row. States may have fewer rows than the actions, each then belonging to equally
   * many consecutive actions; times may be as many as the states, or one.
   *
   * @param action rows x actionDim, noised to t
   * @param t rows / k x 1, or 1 x 1
   * @param states rows / k x stateDim
   * @return rows x actionDim
   */
  public Var apply(Var action, Var t, Var states) {
    return apply(action, condition(t, states));
  }

  /**
   * What the network makes of times and states, which {@link #apply(Var, Condition)} may then use
   * for actions again and again.
   *
   * @param t n x 1, or 1 x 1
   * @param states n x stateDim
   */
  Condition condition(Var t, Var states) {
    int repeats = states.shape().rows() / t.shape().rows();
    if (repeats > 1) {
      return ofBlocks(
          state.apply(states, Activation.SILU), Layout.repeatRows(time.apply(t), repeats));
    }
    Tensor pair = pair(states, embedding);
    return ofBlocks(
        state.apply(states, Activation.SILU, null, left(pair)), time.apply(t, right(pair)));
  }

  /**
   * The same for each of several times with all states, computed at once: few rows at a time would
   * read the weights as often as there are times.
   *
   * @param times m x 1
   * @param states n x stateDim
   * @return of the m times, each of n rows
   */
  List<Condition> conditions(Var times, Var states) {
    Var embedded = time.apply(times);
    int m = embedded.shape().rows();
    int n = states.shape().rows();
    Var ofStates = state.apply(states, Activation.SILU);
    int width = ofStates.shape().columns();
    Var once = Layout.reshape(ofStates, Shape.of(1, n, width));
    Var tiled =
        Layout.reshape(Layout.broadcastTo(once, Shape.of(m, n, width)), Shape.of(m * n, width));
    Condition all = ofBlocks(tiled, Layout.repeatRows(embedded, n));
    List<Condition> each = new ArrayList<>();
    for (int i = 0; i < m; i++) {
      each.add(all.rows(i * n, (i + 1) * n));
    }
    return each;
  }

  private Condition ofBlocks(Var ofStates, Var ofTimes) {
    // Every block takes silu of the condition, so it is applied once, here.
    Var first = condition1.apply(Layout.concat(ofStates, ofTimes), Activation.SILU);
    Var second = condition2.apply(first, Activation.SILU);
    return new Condition(
        down1.condition(second),
        down2.condition(second),
        down3.condition(second),
        middle.condition(second),
        up3.condition(second),
        up2.condition(second));
  }

  /** What each block adds because of state and time. */
  record Condition(Var down1, Var down2, Var down3, Var middle, Var up3, Var up2) {
    private Condition rows(int from, int to) {
      return new Condition(
          Layout.rows(down1, from, to),
          Layout.rows(down2, from, to),
          Layout.rows(down3, from, to),
          Layout.rows(middle, from, to),
          Layout.rows(up3, from, to),
          Layout.rows(up2, from, to));
    }
  }

  /** h for each row, of actions noised to the condition's time; as many for each of its rows. */
  Var apply(Var action, Condition condition) {
    // What will be concatenated is computed beside each other.
    Tensor wide = pair(action, condition.down1.shape().columns());
    Tensor half = pair(action, condition.down2.shape().columns());
    Tensor narrow = pair(action, condition.down3.shape().columns());
    Var d1 = down1.apply(action, condition.down1, left(wide));
    Var d2 = down2.apply(d1, condition.down2, left(half));
    Var d3 = down3.apply(d2, condition.down3, left(narrow));
    Var m = middle.apply(d3, condition.middle, right(narrow));
    Var u3 = up3.apply(Layout.concat(d3, m), condition.up3, right(half));
    Var u2 = up2.apply(Layout.concat(d2, u3), condition.up2, right(wide));
    return output.apply(Layout.concat(d1, u2));
  }

  /** Room for two results of so many columns, with the rows of an input. */
  private static Tensor pair(Var input, int columns) {
    Shape shape = Shape.of(input.shape().rows(), 2 * columns);
    return Tensor.empty(input.backend(), input.dtype(), shape);
  }

  private static Tensor left(Tensor pair) {
    return pair.columns(0, pair.columns() / 2);
  }

  private static Tensor right(Tensor pair) {
    return pair.columns(pair.columns() / 2, pair.columns());
  }

  /** Whether a tensor of {@link #state} is of a layer that sees state and time, not the action. */
  static boolean isOfCondition(String name) {
    return name.matches("(time|state|condition\\d|\\w+\\.condition)\\..*");
  }
}
