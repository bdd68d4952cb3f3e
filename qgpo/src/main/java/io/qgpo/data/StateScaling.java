package io.qgpo.data;

import java.util.Locale;

/** What is done to states before a network sees them. */
public enum StateScaling {
  /** States as recorded, as in the authors' code. */
  NONE,
  /** Each column less its mean, by its standard deviation, both learnt from the data. */
  STANDARD;

  /**
   * Added to a standard deviation, so that a column that hardly changes is not blown up (Fujimoto
   * and Gu 2021, section 5).
   */
  private static final double LEAST_DEVIATION = 1e-3;

  /** The name used in settings: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The transform that this scaling means for a data set: over its distinct states. */
  public StateTransform of(Transitions transitions) {
    int width = transitions.observationSize();
    return switch (this) {
      case NONE -> StateTransform.identity(width);
      case STANDARD -> standard(transitions, width);
    };
  }

  private static StateTransform standard(Transitions transitions, int width) {
    int n = transitions.stateCount();
    float[] states = new float[n * width];
    transitions.copyStates(0, n, states, 0, width);
    float[] center = new float[width];
    float[] scale = new float[width];
    for (int c = 0; c < width; c++) {
      double sum = 0;
      for (int i = c; i < states.length; i += width) {
        sum += states[i];
      }
      double mean = sum / n;
      double squares = 0;
      for (int i = c; i < states.length; i += width) {
        squares += (states[i] - mean) * (states[i] - mean);
      }
      double deviation = Math.sqrt(squares / n);
      center[c] = (float) mean;
      // A column that is always the same says nothing of its unit: it keeps it.
      boolean constant = deviation <= Math.ulp(center[c]);
      scale[c] = (float) (constant ? 1 : deviation + LEAST_DEVIATION);
    }
    return StateTransform.of(center, scale);
  }
}
