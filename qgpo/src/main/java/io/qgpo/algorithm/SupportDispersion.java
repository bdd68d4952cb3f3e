package io.qgpo.algorithm;

import io.qgpo.data.ActionBounds;
import io.qgpo.data.Transitions;
import io.qgpo.tensor.io.MappedFloats;
import java.util.Locale;

/**
 * How far the support actions are spread, beside the data's actions: where mean and standard
 * deviation differ, the behaviour model has not learnt its data yet, or the sampler narrows what it
 * has learnt. All in the data's units, one entry per action component.
 *
 * @param supportMean mean of the support actions, as sampled: not clipped to the bounds
 * @param supportSd their standard deviation (divisor n)
 * @param dataMean mean of the data's actions
 * @param dataSd their standard deviation (divisor n)
 * @param outside share of the support actions of which some component is out of the bounds
 */
public record SupportDispersion(
    double[] supportMean, double[] supportSd, double[] dataMean, double[] dataSd, double outside) {

  /** Rows read at once. */
  private static final int BLOCK = 4096;

  /**
   * Measures a whole file of support actions.
   *
   * @param support complete, in [-1, 1] units: a row per state, candidates x actionDim columns
   */
  public static SupportDispersion of(
      MappedFloats support, Transitions transitions, ActionBounds bounds) {
    int width = transitions.actionSize();
    Moments data = new Moments(bounds);
    float[] actions = new float[BLOCK * width];
    for (int first = 0; first < transitions.size(); first += BLOCK) {
      int count = Math.min(BLOCK, transitions.size() - first);
      transitions.copyActions(first, count, actions, 0, width);
      data.add(actions, count);
    }
    Moments sampled = new Moments(bounds);
    int candidates = support.columns() / width;
    float[] row = new float[support.columns()];
    for (int state = 0; state < support.rows(); state++) {
      support.read(state, 1, row, 0);
      bounds.fromUnit(row, 0, candidates, width);
      sampled.add(row, candidates);
    }
    return new SupportDispersion(
        sampled.means(), sampled.sds(), data.means(), data.sds(), sampled.outsideShare());
  }

  /** Sums about the middle of the bounds, so that squares do not cancel. */
  private static final class Moments {
    private final float[] low;
    private final float[] high;
    private final double[] sum;
    private final double[] squares;
    private long count;
    private long outside;

    Moments(ActionBounds bounds) {
      low = bounds.low();
      high = bounds.high();
      sum = new double[low.length];
      squares = new double[low.length];
    }

    private double middle(int c) {
      return ((double) low[c] + high[c]) / 2;
    }

    void add(float[] actions, int rows) {
      int at = 0;
      for (int r = 0; r < rows; r++) {
        boolean out = false;
        for (int c = 0; c < sum.length; c++) {
          float action = actions[at++];
          double deviation = action - middle(c);
          sum[c] += deviation;
          squares[c] += deviation * deviation;
          out |= action < low[c] || action > high[c];
        }
        outside += out ? 1 : 0;
      }
      count += rows;
    }

    double[] means() {
      double[] means = new double[sum.length];
      for (int c = 0; c < means.length; c++) {
        means[c] = middle(c) + sum[c] / count;
      }
      return means;
    }

    double[] sds() {
      double[] sds = new double[sum.length];
      for (int c = 0; c < sds.length; c++) {
        double mean = sum[c] / count;
        sds[c] = Math.sqrt(Math.max(0, squares[c] / count - mean * mean));
      }
      return sds;
    }

    double outsideShare() {
      return (double) outside / count;
    }
  }

  /** A small table for people. */
  @Override
  public String toString() {
    var text = new StringBuilder("  action   mean   (data's)     sd   (data's)\n");
    for (int c = 0; c < dataMean.length; c++) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %6d %6.3f   (%6.3f) %6.3f   (%6.3f)%n",
              c,
              supportMean[c],
              dataMean[c],
              supportSd[c],
              dataSd[c]));
    }
    return text.append(String.format(Locale.ROOT, "  %.1f %% are out of the bounds", 100 * outside))
        .toString();
  }
}
