package io.qgpo.env.locomotion;

/** The version of Gym's rules. */
public enum Rules {
  /** Gym's v2 in D4RL's wrapper: actions are clipped to [-1, 1] first, so the cost is of those. */
  D4RL("D4RL's v2", ""),

  /** The cost is of the action as given; motors clip it. The bonus is earned by every step. */
  V4("Gym's v4", "-v4"),

  /** As v4, but a step that ends the episode earns no bonus, and Walker2d's right foot grips. */
  V5("Gymnasium's v5", "-v5");

  private final String label;
  private final String suffix;

  Rules(String label, String suffix) {
    this.label = label;
    this.suffix = suffix;
  }

  /** For people. */
  String label() {
    return label;
  }

  /** What names of environments with these rules have after the body. */
  String suffix() {
    return suffix;
  }
}
