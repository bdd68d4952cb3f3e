package io.qgpo.env.locomotion;

/** How MuJoCo computes a capsule's mass and inertia from its size. */
public enum Inertia {
  /** Exactly, as since 2.1.2. */
  EXACT("of capsules (since MuJoCo 2.1.2)", ""),

  /** As a cylinder longer by its radius: what D4RL's data were recorded with, 2 to 7 % lighter. */
  D4RL_ERA("of longer cylinders (before MuJoCo 2.1.2)", "-d4rl");

  private final String label;
  private final String suffix;

  Inertia(String label, String suffix) {
    this.label = label;
    this.suffix = suffix;
  }

  /** For people. */
  String label() {
    return label;
  }

  /** What names of environments with this inertia have at the end. */
  String suffix() {
    return suffix;
  }
}
