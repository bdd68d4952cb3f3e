package io.qgpo.env.locomotion;

import io.qgpo.env.mujoco.MujocoModel;
import java.util.random.RandomGenerator;

/**
 * A flat animal of two legs that runs. Observation [17]: height, angle, six joints, nine
 * velocities. Action [6]: torques of thigh, shin and foot, back then front. Reward: speed - 0.1 sum
 * a^2. It cannot fall: episodes only end by their limit.
 */
final class HalfCheetah extends LocomotionEnvironment {
  static final int FRAME_SKIP = 5;
  private static final double DT = 0.01 * FRAME_SKIP;

  HalfCheetah(MujocoModel model, Rules rules) {
    super("halfcheetah", model, FRAME_SKIP, rules);
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
    for (int i = 0; i < qpos.length; i++) {
      qpos[i] = random.nextDouble(-0.1, 0.1);
      qvel[i] = 0.1 * random.nextGaussian();
    }
  }

  @Override
  protected double[] observation(double[] qpos, double[] qvel) {
    return withoutX(qpos, qvel, Double.POSITIVE_INFINITY);
  }

  @Override
  protected Outcome outcome(double[] before, double[] qpos, double[] qvel, double[] controls) {
    double speed = (qpos[0] - before[0]) / DT;
    return new Outcome(speed - 0.1 * sumOfSquares(controls), false);
  }
}
