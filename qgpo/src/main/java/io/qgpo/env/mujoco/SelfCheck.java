package io.qgpo.env.mujoco;

import java.util.Arrays;

/**
 * Whether the state of a simulation is where it is looked for: a model with one keyframe, whose
 * values are known, is read, written and stepped. Run at every load of a library, because a wrong
 * offset would go unnoticed and give wrong returns.
 */
final class SelfCheck {
  private static final double TIME = 1.25;
  private static final double TIMESTEP = 0.0625;
  private static final double[] QPOS = {0.125, 0.5, -0.5, 0.5, -0.5};
  private static final double[] QVEL = {-0.375, 0.625, -0.875, 1.125};

  /** Public knowledge of {@link FunctionAccess}, which looks for the bit of these. */
  static final double[] CTRL = {0.1875, -0.3125, 0.4375};

  /** Five positions, four velocities, three controls: no two parts have the same length. */
  static final String MODEL =
      """
      <mujoco model="selfcheck">
        <option timestep="0.0625"/>
        <worldbody>
          <body>
            <joint name="slide" type="slide"/>
            <joint type="ball"/>
            <geom size="0.1"/>
          </body>
        </worldbody>
        <actuator>
          <motor joint="slide"/>
          <motor joint="slide"/>
          <motor joint="slide"/>
        </actuator>
        <keyframe>
          <key time="1.25" qpos="0.125 0.5 -0.5 0.5 -0.5" qvel="-0.375 0.625 -0.875 1.125"
            ctrl="0.1875 -0.3125 0.4375"/>
        </keyframe>
      </mujoco>
      """;

  private SelfCheck() {}

  /**
   * Compares, writes, reads back, and steps.
   *
   * @param state of a simulation in the keyframe of {@link #MODEL}
   * @param step takes a step of it
   * @throws MujocoException naming the first thing that is not as it should be
   */
  static void run(State state, Runnable step) {
    int[] expected = {QPOS.length, QVEL.length, CTRL.length};
    int[] found = {state.positionCount(), state.velocityCount(), state.controlCount()};
    require(
        "number of positions, velocities and controls",
        Arrays.equals(expected, found),
        Arrays.toString(expected),
        Arrays.toString(found));
    require("time", state.time() == TIME, TIME, state.time());
    requireState(state, QPOS, QVEL, CTRL);

    double[] controls = {-1, 2, 3};
    double[] velocities = {4, 5, 6, 7};
    double[] positions = {8, 0, 0, 0, 1};
    state.setControls(controls);
    state.setVelocities(velocities);
    state.setPositions(positions);
    requireState(state, positions, velocities, controls);
    state.setTime(2 * TIME);
    step.run();
    double after = 2 * TIME + TIMESTEP;
    require("time after a step", state.time() == after, after, state.time());
    double[] moved = new double[QPOS.length];
    state.getPositions(moved);
    require("slide after a step", Math.abs(moved[0] - 8.25) < 0.125, "about 8.25", moved[0]);
  }

  private static void requireState(
      State state, double[] positions, double[] velocities, double[] controls) {
    double[] q = new double[positions.length];
    double[] v = new double[velocities.length];
    double[] u = new double[controls.length];
    state.getPositions(q);
    state.getVelocities(v);
    state.getControls(u);
    requireEqual("positions", positions, q);
    requireEqual("velocities", velocities, v);
    requireEqual("controls", controls, u);
  }

  private static void requireEqual(String what, double[] expected, double[] found) {
    require(
        what, Arrays.equals(expected, found), Arrays.toString(expected), Arrays.toString(found));
  }

  private static void require(String what, boolean holds, Object expected, Object found) {
    if (!holds) {
      throw new MujocoException(
          "the self-check found the state elsewhere than expected (%s: expected %s, found %s)"
              .formatted(what, expected, found));
    }
  }
}
