package io.qgpo.env.mujoco;

/** Time, positions, velocities and controls of one simulation. */
interface State {
  /** Length of qpos. */
  int positionCount();

  /** Length of qvel. */
  int velocityCount();

  /** Length of ctrl. */
  int controlCount();

  /** Seconds since the last reset. */
  double time();

  void setTime(double time);

  /** Copies qpos. */
  void getPositions(double[] into);

  /** Copies qvel. */
  void getVelocities(double[] into);

  /** Copies ctrl. */
  void getControls(double[] into);

  void setPositions(double[] from);

  void setVelocities(double[] from);

  void setControls(double[] from);
}
