package io.qgpo.env.mujoco;

import java.util.Comparator;

/** A version of MuJoCo, such as 2.2.2. */
public record MujocoVersion(int major, int minor, int patch) implements Comparable<MujocoVersion> {
  /** The one version before {@link #STATE_FUNCTIONS} whose memory layout is known. */
  static final MujocoVersion KNOWN_LAYOUT = new MujocoVersion(2, 2, 2);

  /** The first with functions that read and write the state. */
  static final MujocoVersion STATE_FUNCTIONS = new MujocoVersion(2, 3, 6);

  /** The first in which the margin of a contact is the sum of its geoms' margins. */
  static final MujocoVersion SUMS_MARGINS = new MujocoVersion(3, 5, 0);

  /** The first whose number has three digits for each of minor and patch. */
  private static final int LONG_FORM = 1_000_000;

  private static final Comparator<MujocoVersion> ORDER =
      Comparator.comparingInt(MujocoVersion::major)
          .thenComparingInt(MujocoVersion::minor)
          .thenComparingInt(MujocoVersion::patch);

  /**
   * Reads what {@code mj_version()} returns: 237 is 2.3.7, and from 3.5.0 on 3005000 is 3.5.0.
   *
   * @throws IllegalArgumentException below 100: then it is no version
   */
  static MujocoVersion of(int number) {
    if (number < 100) {
      throw new IllegalArgumentException(
          "MuJoCo version: expected a number such as 237 or 3005000, found " + number);
    }
    return number < LONG_FORM
        ? new MujocoVersion(number / 100, number / 10 % 10, number % 10)
        : new MujocoVersion(number / 1_000_000, number / 1000 % 1000, number % 1000);
  }

  /** Whether this is that version or a later one. */
  public boolean isAtLeast(MujocoVersion other) {
    return compareTo(other) >= 0;
  }

  /** Whether contacts sum the margins of their geoms, instead of taking the larger. */
  public boolean sumsMargins() {
    return isAtLeast(SUMS_MARGINS);
  }

  /** Whether simulations take memory for contacts as they need it, instead of in advance. */
  public boolean growsAsNeeded() {
    return isAtLeast(STATE_FUNCTIONS);
  }

  @Override
  public int compareTo(MujocoVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
