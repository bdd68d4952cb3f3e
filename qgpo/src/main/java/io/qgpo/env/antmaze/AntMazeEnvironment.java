package io.qgpo.env.antmaze;

import io.qgpo.env.Capsule;
import io.qgpo.env.Drawable;
import io.qgpo.env.Drawing;
import io.qgpo.env.GoalEnvironment;
import io.qgpo.env.MazeDrawing;
import io.qgpo.env.mujoco.MujocoEnvironment;
import io.qgpo.env.mujoco.MujocoModel;
import java.util.random.RandomGenerator;

/**
 * An ant that is to walk to a goal that it does not see. Observation [29]: place (x, y, z),
 * orientation as a quaternion, eight joint angles, and the fourteen velocities, none limited.
 * Action [8]: torques of hip and ankle of legs 4, 1, 2, 3, clipped to [-1, 1] and times 30. Reward
 * 1 for the step that ends within 0.5 of the goal and with it the episode, else 0: the mean return
 * is the share of episodes that succeed. Falling ends nothing.
 *
 * <p>An episode starts near (0, 0) with all components of qpos off by up to 0.1 and velocities of
 * standard deviation 0.1 ({@code d4rl/locomotion/ant.py}). A start from a given state leaves the
 * goal where it was, at first in the middle of where goals can be.
 */
final class AntMazeEnvironment extends MujocoEnvironment implements Drawable, GoalEnvironment {
  private static final int FRAME_SKIP = 5;

  /** Torque of an action of 1. */
  private static final double MAX_TORQUE = 30;

  private static final double POSITION_NOISE = 0.1;
  private static final double VELOCITY_NOISE = 0.1;

  /** Distance at which the goal is reached. */
  private static final double REACHED = 0.5;

  /**
   * A goal is off the middle of its block by two random distances, towards larger x and y: D4RL
   * adds noise in {@code _rowcol_to_xy} and again in {@code goal_sampler}.
   */
  private static final double FIRST_GOAL_NOISE = Blocks.EDGE * 0.25;

  private static final double SECOND_GOAL_NOISE = Blocks.EDGE * 0.25 * 0.5;

  private final Blocks blocks;
  private final Blocks.Middle block;
  private double goalX;
  private double goalY;

  AntMazeEnvironment(String name, MujocoModel model, AntMaze maze) {
    super(name, model, FRAME_SKIP, maze.maxSteps());
    blocks = maze.blocks();
    block = blocks.goal();
    goalX = block.x() + (FIRST_GOAL_NOISE + SECOND_GOAL_NOISE) / 2;
    goalY = block.y() + (FIRST_GOAL_NOISE + SECOND_GOAL_NOISE) / 2;
  }

  @Override
  public int observationSize() {
    return AntModel.POSITIONS + AntModel.VELOCITIES;
  }

  @Override
  protected void start(double[] qpos, double[] qvel, RandomGenerator random) {
    goalX = block.x() + goalNoise(random);
    goalY = block.y() + goalNoise(random);
    qpos[2] = AntModel.HEIGHT;
    qpos[3] = 1;
    for (int i = 0; i < qpos.length; i++) {
      qpos[i] += random.nextDouble(-POSITION_NOISE, POSITION_NOISE);
    }
    normalize(qpos);
    for (int i = 0; i < qvel.length; i++) {
      qvel[i] = VELOCITY_NOISE * random.nextGaussian();
    }
  }

  private static double goalNoise(RandomGenerator random) {
    return random.nextDouble(FIRST_GOAL_NOISE) + random.nextDouble(SECOND_GOAL_NOISE);
  }

  /** The quaternion, which not all versions of MuJoCo normalize where it is. */
  private static void normalize(double[] qpos) {
    double norm = 0;
    for (int i = 3; i < 7; i++) {
      norm += qpos[i] * qpos[i];
    }
    norm = Math.sqrt(norm);
    for (int i = 3; i < 7; i++) {
      qpos[i] /= norm;
    }
  }

  @Override
  protected double[] controls(float[] action) {
    double[] controls = super.controls(action);
    for (int i = 0; i < controls.length; i++) {
      controls[i] *= MAX_TORQUE;
    }
    return controls;
  }

  @Override
  protected double[] observation(double[] qpos, double[] qvel) {
    double[] observation = new double[qpos.length + qvel.length];
    System.arraycopy(qpos, 0, observation, 0, qpos.length);
    System.arraycopy(qvel, 0, observation, qpos.length, qvel.length);
    return observation;
  }

  @Override
  protected Outcome outcome(double[] before, double[] qpos, double[] qvel, double[] controls) {
    double dx = qpos[0] - goalX;
    double dy = qpos[1] - goalY;
    boolean reached = Math.sqrt(dx * dx + dy * dy) <= REACHED;
    return new Outcome(reached ? 1 : 0, reached);
  }

  @Override
  public double stepSeconds() {
    return AntModel.TIMESTEP * FRAME_SKIP;
  }

  @Override
  public Drawing drawing() {
    Capsule goal = Capsule.disc(goalX, goalY, REACHED, MazeDrawing.GOAL);
    return new MazeDrawing(
        blocks.linesFromAbove(),
        blocks.fromAbove(goal),
        () -> AntShape.fromAbove(positions()).stream().map(blocks::fromAbove).toList());
  }

  @Override
  public void setGoal(double x, double y) {
    goalX = x;
    goalY = y;
  }

  /** x and y of the running episode's goal. */
  double[] goal() {
    return new double[] {goalX, goalY};
  }
}
