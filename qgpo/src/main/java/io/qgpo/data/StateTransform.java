package io.qgpo.data;

import java.util.Arrays;

/** (state - center) / scale, column by column: how networks see states. Immutable. */
public final class StateTransform {
  private final float[] center;
  private final float[] scale;

  private StateTransform(float[] center, float[] scale) {
    this.center = center;
    this.scale = scale;
  }

  /**
   * A given transform; the arrays are copied.
   *
   * @param center [stateSize]
   * @param scale [stateSize], above 0
   * @throws IllegalArgumentException for different lengths, NaN, Inf, or a scale of 0 or less
   */
  public static StateTransform of(float[] center, float[] scale) {
    if (center.length != scale.length) {
      throw new IllegalArgumentException(
          "state transform: expected two arrays of one length, found lengths "
              + center.length
              + " and "
              + scale.length);
    }
    for (int i = 0; i < center.length; i++) {
      if (!Float.isFinite(center[i]) || !Float.isFinite(scale[i]) || !(scale[i] > 0)) {
        throw new IllegalArgumentException(
            "state transform, column %d: expected a finite center and a scale above 0, found %s, %s"
                .formatted(i, center[i], scale[i]));
      }
    }
    return new StateTransform(center.clone(), scale.clone());
  }

  /** States stay as they are, to the bit. */
  public static StateTransform identity(int stateSize) {
    float[] scale = new float[stateSize];
    Arrays.fill(scale, 1);
    return new StateTransform(new float[stateSize], scale);
  }

  /** Whether states stay as they are. */
  public boolean isIdentity() {
    for (int i = 0; i < center.length; i++) {
      if (center[i] != 0 || scale[i] != 1) {
        return false;
      }
    }
    return true;
  }

  /** A copy of what is subtracted, per column. */
  public float[] center() {
    return center.clone();
  }

  /** A copy of what is divided by, per column. */
  public float[] scale() {
    return scale.clone();
  }

  /**
   * Transforms states in place.
   *
   * @param states rows of stateSize numbers, from the start of the array
   * @param rows how many
   */
  public void apply(float[] states, int rows) {
    int width = center.length;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < width; c++) {
        int i = r * width + c;
        states[i] = (states[i] - center[c]) / scale[c];
      }
    }
  }
}
