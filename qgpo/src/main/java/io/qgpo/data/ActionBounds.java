package io.qgpo.data;

import java.util.Arrays;

/**
 * The box in which actions live and the affine map between it and [-1, 1], the range in which the
 * networks see actions. Immutable; {@link #low()} and {@link #high()} are all there is to store.
 */
public final class ActionBounds {
  /**
   * Columns that stay within [-1, 1] but use less than this part of it are stretched. The diffusion
   * starts from noise of size 1 and ends at noise of size 0.01: actions much smaller than 1 would
   * drown in the latter.
   */
  private static final float SMALLEST_USED_RANGE = 0.1f;

  private final float[] low;
  private final float[] high;
  private final float[] center;
  private final float[] halfRange;

  private ActionBounds(float[] low, float[] high) {
    this.low = low;
    this.high = high;
    center = new float[low.length];
    halfRange = new float[low.length];
    for (int i = 0; i < low.length; i++) {
      center[i] = (float) (((double) low[i] + high[i]) / 2);
      halfRange[i] = (float) (((double) high[i] - low[i]) / 2);
    }
  }

  /**
   * Given bounds; the arrays are copied.
   *
   * @param low [actionSize], smallest action per column
   * @param high [actionSize], largest action per column
   * @throws IllegalArgumentException for different or zero lengths, NaN, Inf, or low &gt;= high
   */
  public static ActionBounds of(float[] low, float[] high) {
    if (low.length != high.length || low.length == 0) {
      throw new IllegalArgumentException(
          "action bounds: expected two arrays of one length >= 1, found lengths "
              + low.length
              + " and "
              + high.length);
    }
    for (int i = 0; i < low.length; i++) {
      boolean finite = Float.isFinite(low[i]) && Float.isFinite(high[i]);
      if (!finite || !isRange(low[i], high[i])) {
        throw new IllegalArgumentException(
            "action bounds, column %d: expected finite low < high, found low %s, high %s"
                .formatted(i, low[i], high[i]));
      }
    }
    return new ActionBounds(low.clone(), high.clone());
  }

  /** A copy of the middle of each column's bounds. */
  public float[] center() {
    return center.clone();
  }

  /** A copy of half the distance between each column's bounds. */
  public float[] halfRange() {
    return halfRange.clone();
  }

  /** Whether high is above low by enough to divide by half the difference. */
  private static boolean isRange(float low, float high) {
    return ((double) high - low) / 2 >= Float.MIN_NORMAL;
  }

  /** The box [-1, 1] in every column. */
  public static ActionBounds unit(int actionSize) {
    float[] low = new float[actionSize];
    float[] high = new float[actionSize];
    Arrays.fill(low, -1f);
    Arrays.fill(high, 1f);
    return of(low, high);
  }

  /**
   * Bounds learnt from data, column by column: [-1, 1] where the data lie in it and use a good part
   * of it (the usual case, for which the map is the identity), otherwise the smallest and largest
   * value seen. A column that never changes gets a range of 1 to either side.
   */
  public static ActionBounds learn(Transitions transitions) {
    int width = transitions.actionSize();
    float[] low = new float[width];
    float[] high = new float[width];
    for (int c = 0; c < width; c++) {
      float min = Float.POSITIVE_INFINITY;
      float max = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < transitions.size(); i++) {
        float a = transitions.action(i, c);
        min = Math.min(min, a);
        max = Math.max(max, a);
      }
      boolean withinUnit = min >= -1 && max <= 1;
      boolean constant = !isRange(min, max);
      if (withinUnit && (constant || Math.max(-min, max) >= SMALLEST_USED_RANGE)) {
        low[c] = -1;
        high[c] = 1;
      } else {
        // One ulp is more than 1 where |min| is above 2^24: then the neighbours make the box.
        low[c] = constant ? Math.min(min - 1, Math.nextDown(min)) : min;
        high[c] = constant ? Math.max(max + 1, Math.nextUp(max)) : max;
      }
    }
    return of(low, high);
  }

  /** Number of action columns. */
  public int actionSize() {
    return low.length;
  }

  /** A copy of the smallest action per column. */
  public float[] low() {
    return low.clone();
  }

  /** A copy of the largest action per column. */
  public float[] high() {
    return high.clone();
  }

  /** Whether the box is [-1, 1] in every column, so that both maps leave actions unchanged. */
  public boolean isUnit() {
    for (int i = 0; i < low.length; i++) {
      if (low[i] != -1f || high[i] != 1f) {
        return false;
      }
    }
    return true;
  }

  /**
   * Maps actions from the box to [-1, 1] in place. Values outside the box land outside [-1, 1].
   *
   * @param actions rows of actions
   * @param offset where the first row starts
   * @param rows number of rows
   * @param stride distance between rows
   */
  public void toUnit(float[] actions, int offset, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < low.length; c++) {
        int i = offset + r * stride + c;
        actions[i] = (actions[i] - center[c]) / halfRange[c];
      }
    }
  }

  /** Maps actions from [-1, 1] to the box in place, as {@link #toUnit}; nothing is clipped. */
  public void fromUnit(float[] actions, int offset, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < low.length; c++) {
        int i = offset + r * stride + c;
        actions[i] = actions[i] * halfRange[c] + center[c];
      }
    }
  }

  /** Moves actions that lie outside the box to its edge, in place, as {@link #toUnit}. */
  public void clip(float[] actions, int offset, int rows, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < low.length; c++) {
        int i = offset + r * stride + c;
        actions[i] = Math.clamp(actions[i], low[c], high[c]);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ActionBounds b
        && Arrays.equals(low, b.low)
        && Arrays.equals(high, b.high);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
  }

  @Override
  public String toString() {
    return "ActionBounds[low=" + Arrays.toString(low) + ", high=" + Arrays.toString(high) + "]";
  }
}
