package io.qgpo.env.locomotion;

import io.qgpo.env.mujoco.MujocoModel;
import java.util.random.RandomGenerator;

/**
 * One leg that hops. Observation [11]: height, angle, three joints, and the six velocities limited
 * to +-10. Action [3]: torques of thigh, leg and foot. Reward: speed + 1 - 0.001 sum a^2. The
 * episode ends when it falls.
 */
final class Hopper extends LocomotionEnvironment {
  static final int FRAME_SKIP = 4;
  private static final double DT = 0.002 * FRAME_SKIP;

  Hopper(MujocoModel model, Rules rules) {
    super("hopper", model, FRAME_SKIP, rules);
  }

  @Override
  public double stepSeconds() {
    return DT;
  }

  @Override
  public int observationSize() {
    return 11;
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
    boolean healthy = isHealthy(qpos, qvel);
    double speed = (qpos[0] - before[0]) / DT;
    double reward = speed + healthyBonus(healthy) - 0.001 * sumOfSquares(controls);
    return new Outcome(reward, !healthy);
  }

  private static boolean isHealthy(double[] qpos, double[] qvel) {
    for (int i = 0; i < qpos.length; i++) {
      boolean positionBounded = i < 2 || Math.abs(qpos[i]) < 100;
      if (!positionBounded || !(Math.abs(qvel[i]) < 100)) {
        return false;
      }
    }
    double height = qpos[1];
    double angle = qpos[2];
    return Double.isFinite(qpos[0]) && height > 0.7 && Math.abs(angle) < 0.2;
  }
}
