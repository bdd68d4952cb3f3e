package io.qgpo.env;

/** An environment whose whole state is positions and velocities, which can be read and set. */
public interface PhysicalEnvironment extends Environment {
  /** A copy of the positions, qpos. */
  double[] positions();

  /** A copy of the velocities, qvel. */
  double[] velocities();

  /**
   * Starts an episode from this state.
   *
   * @param positions qpos
   * @param velocities qvel
   * @return the first observation, [observationSize]; the caller's to keep
   * @throws IllegalArgumentException for a wrong length, NaN or Inf
   */
  float[] reset(double[] positions, double[] velocities);
}
