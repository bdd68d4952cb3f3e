package io.qgpo.env.locomotion;

import io.qgpo.env.Drawable;
import io.qgpo.env.Drawing;
import io.qgpo.env.mujoco.MujocoEnvironment;
import io.qgpo.env.mujoco.MujocoModel;

/** What the three bodies have in common: they are to run, and see all but how far they got. */
abstract class LocomotionEnvironment extends MujocoEnvironment implements Drawable {
  private static final int MAX_STEPS = 1000;

  private final String body;
  private final Rules rules;

  /**
   * @param body name of the resource, without .xml
   */
  LocomotionEnvironment(String body, MujocoModel model, int frameSkip, Rules rules) {
    super(body, model, frameSkip, MAX_STEPS);
    this.body = body;
    this.rules = rules;
  }

  @Override
  protected abstract double[] observation(double[] qpos, double[] qvel);

  /** Under D4RL's rules clipped, else as given: MuJoCo clips what the motors get. */
  @Override
  protected double[] controls(float[] action) {
    if (rules == Rules.D4RL) {
      return super.controls(action);
    }
    double[] controls = new double[action.length];
    for (int i = 0; i < action.length; i++) {
      controls[i] = action[i];
    }
    return controls;
  }

  @Override
  public Drawing drawing() {
    return new SideView(SkeletonReader.read(Mjcf.template(body)), this::positions);
  }

  /** 1 for being healthy; under the older rules for the step that ends the episode, too. */
  double healthyBonus(boolean healthy) {
    return healthy || rules != Rules.V5 ? 1 : 0;
  }

  /** qpos[1:] and qvel, each velocity limited to +-limit. */
  static double[] withoutX(double[] qpos, double[] qvel, double limit) {
    double[] observation = new double[qpos.length - 1 + qvel.length];
    System.arraycopy(qpos, 1, observation, 0, qpos.length - 1);
    for (int i = 0; i < qvel.length; i++) {
      observation[qpos.length - 1 + i] = Math.clamp(qvel[i], -limit, limit);
    }
    return observation;
  }

  static double sumOfSquares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }
}
