package io.qgpo.env.mujoco;

import io.qgpo.data.ActionBounds;
import io.qgpo.env.PhysicalEnvironment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * An environment that MuJoCo simulates. A subclass says where episodes start, what is seen, and
 * what a step earns; stepping, limits and memory are the same for all.
 *
 * <p>Should the simulation become unstable, the episode terminates with a reward of 0 and the last
 * good observation, and a warning is logged.
 */
public abstract class MujocoEnvironment implements PhysicalEnvironment {
  private static final System.Logger LOG = System.getLogger(MujocoEnvironment.class.getName());

  /**
   * What a step earned.
   *
   * @param reward of the step
   * @param terminated whether it ended the episode for good
   */
  public record Outcome(double reward, boolean terminated) {}

  private final String name;
  private final int frameSkip;
  private final int maxSteps;
  private final MujocoModel model;
  private final MujocoSimulation simulation;
  private final ActionBounds bounds;
  private final double[] before;
  private final double[] qpos;
  private final double[] qvel;

  /** Steps of the running episode; -1 for none. */
  private int steps = -1;

  /**
   * @param name for messages
   * @param model is closed with the environment
   * @param frameSkip simulation steps in a step
   * @param maxSteps after which an episode is truncated
   */
  protected MujocoEnvironment(String name, MujocoModel model, int frameSkip, int maxSteps) {
    this.name = name;
    this.frameSkip = frameSkip;
    this.maxSteps = maxSteps;
    this.model = model;
    simulation = model.simulation();
    bounds = ActionBounds.unit(simulation.controlCount());
    qpos = new double[simulation.positionCount()];
    before = new double[qpos.length];
    qvel = new double[simulation.velocityCount()];
  }

  /**
   * Chooses where an episode starts.
   *
   * @param qpos zeros, to be filled
   * @param qvel zeros, to be filled
   * @param random all that is random must come from it
   */
  protected abstract void start(double[] qpos, double[] qvel, RandomGenerator random);

  /**
   * What is seen of a state.
   *
   * @return a new array, [observationSize]
   */
  protected abstract double[] observation(double[] qpos, double[] qvel);

  /**
   * What a step earns.
   *
   * @param before qpos before the step
   * @param qpos after it
   * @param qvel after it
   * @param controls what {@link #controls} made of the action
   */
  protected abstract Outcome outcome(
      double[] before, double[] qpos, double[] qvel, double[] controls);

  /** The motors' controls for an action: clipped to the bounds, as D4RL does. */
  protected double[] controls(float[] action) {
    double[] controls = new double[action.length];
    for (int i = 0; i < action.length; i++) {
      controls[i] = Math.clamp(action[i], -1, 1);
    }
    return controls;
  }

  @Override
  public int actionSize() {
    return bounds.actionSize();
  }

  @Override
  public int maxSteps() {
    return maxSteps;
  }

  @Override
  public ActionBounds actionBounds() {
    return bounds;
  }

  @Override
  public float[] reset(long seed) {
    Arrays.fill(qpos, 0);
    Arrays.fill(qvel, 0);
    start(qpos, qvel, new SplittableRandom(seed));
    return reset(qpos, qvel);
  }

  @Override
  public float[] reset(double[] positions, double[] velocities) {
    simulation.reset(positions, velocities);
    simulation.positions(qpos);
    simulation.velocities(qvel);
    steps = 0;
    return floats(observation(qpos, qvel));
  }

  @Override
  public Step step(float[] action) {
    if (steps < 0) {
      throw new IllegalStateException(name + ": no episode is running; call reset first");
    }
    requireFinite(action);
    double[] controls = controls(action);
    System.arraycopy(qpos, 0, before, 0, qpos.length);
    String instability = simulation.step(controls, frameSkip);
    steps++;
    if (instability != null) {
      LOG.log(System.Logger.Level.WARNING, "{0}: the episode ends: {1}", name, instability);
      steps = -1;
      return new Step(floats(observation(qpos, qvel)), 0, true, false);
    }
    simulation.positions(qpos);
    simulation.velocities(qvel);
    Outcome outcome = outcome(before, qpos, qvel, controls);
    boolean truncated = !outcome.terminated() && steps >= maxSteps;
    if (outcome.terminated() || truncated) {
      steps = -1;
    }
    return new Step(
        floats(observation(qpos, qvel)), outcome.reward(), outcome.terminated(), truncated);
  }

  private void requireFinite(float[] action) {
    boolean finite = action.length == actionSize();
    for (float a : action) {
      finite &= Float.isFinite(a);
    }
    if (!finite) {
      throw new IllegalArgumentException(
          "%s: expected an action of %d finite numbers, found %s"
              .formatted(name, actionSize(), Arrays.toString(action)));
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Override
  public double[] positions() {
    return qpos.clone();
  }

  @Override
  public double[] velocities() {
    return qvel.clone();
  }

  /** A simulated step takes 30 to 100 microseconds. */
  @Override
  public boolean isSlow() {
    return true;
  }

  @Override
  public void close() {
    simulation.close();
    model.close();
  }
}
