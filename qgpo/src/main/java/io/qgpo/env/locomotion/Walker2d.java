package io.qgpo.env.locomotion;

import io.qgpo.env.mujoco.MujocoModel;
import java.util.random.RandomGenerator;

/**
 * Two legs that walk. Observation [17]: height, angle, six joints, and the nine velocities limited
 * to +-10. Action [6]: torques of thigh, leg and foot, right then left. Reward: speed + 1 - 0.001
 * sum a^2. The episode ends when it falls.
 */
final class Walker2d extends LocomotionEnvironment {
  static final int FRAME_SKIP = 4;
  private static final double DT = 0.002 * FRAME_SKIP;

  Walker2d(MujocoModel model, Rules rules) {
    super("walker2d", model, FRAME_SKIP, rules);
  }

  @Override
  public double stepSeconds() {
    return DT;
  }

  @Override
  public int observationSize() {
    return 17;
  }

  @Override
  protected void start(double[] qpos, double[] qvel, RandomGenerator random) {
    qpos[1] = 1.25;
    for (int i = 0; i < qpos.length; i++) {
      qpos[i] += random.nextDouble(-0.005, 0.005);
      qvel[i] += random.nextDouble(-0.005, 0.005);
    }
  }

  @Override
  protected double[] observation(double[] qpos, double[] qvel) {
    return withoutX(qpos, qvel, 10);
  }

  @Override
  protected Outcome outcome(double[] before, double[] qpos, double[] qvel, double[] controls) {
    double height = qpos[1];
    double angle = qpos[2];
    boolean healthy = height > 0.8 && height < 2 && angle > -1 && angle < 1;
    double speed = (qpos[0] - before[0]) / DT;
    double reward = speed + healthyBonus(healthy) - 0.001 * sumOfSquares(controls);
    return new Outcome(reward, !healthy);
  }
}
