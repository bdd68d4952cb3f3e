package io.qgpo.env.antmaze;

import io.qgpo.env.mujoco.MujocoVersion;

/**
 * The ant in a maze as MJCF. Sizes, axes, ranges and contact parameters are those of D4RL's {@code
 * d4rl/locomotion/assets/ant.xml}: a round torso, and four legs at its diagonals, each of a part
 * that is fixed, one that turns about the vertical (the hip) and one that is lifted (the ankle).
 * Room for contacts is MuJoCo's default, as in D4RL: 4 MB for every simulation.
 */
final class AntModel {
  /** qpos: place, orientation as a quaternion, then hip and ankle of each leg. */
  static final int POSITIONS = 15;

  /** qvel: velocity, angular velocity, then hip and ankle of each leg. */
  static final int VELOCITIES = 14;

  /** Height at which the model puts the torso. */
  static final double HEIGHT = 0.75;

  /**
   * A leg.
   *
   * @param x towards which side it points, 1 or -1
   * @param y the same along y
   * @param axisX of the ankle's axis (axisX, 1, 0)
   * @param range of the ankle, degrees; the axis does not turn with the leg's side
   */
  private record Leg(int x, int y, int axisX, String range) {}

  private static final Leg[] LEGS = {
    new Leg(1, 1, -1, "30 70"),
    new Leg(-1, 1, 1, "-70 -30"),
    new Leg(-1, -1, -1, "-70 -30"),
    new Leg(1, -1, 1, "30 70")
  };

  /** Legs in the order of the motors, which is that of Gym's and not that of the bodies. */
  private static final int[] MOTORS = {4, 1, 2, 3};

  private AntModel() {}

  static String mjcf(Blocks blocks, MujocoVersion version) {
    // A contact's margin is to be 0.01: the larger of its geoms', later their sum.
    String margin = version.sumsMargins() ? "0.005" : "0.01";
    StringBuilder legs = new StringBuilder();
    StringBuilder motors = new StringBuilder();
    for (int k = 1; k <= LEGS.length; k++) {
      legs.append(leg(k, LEGS[k - 1]));
      motors.append(
          "<motor joint=\"hip_%1$s\"/><motor joint=\"ankle_%1$s\"/>".formatted(MOTORS[k - 1]));
    }
    return """
    <mujoco model="antmaze">
      <compiler angle="degree" inertiafromgeom="true"/>
      <option timestep="0.02" integrator="RK4" gravity="0 0 -9.81" solver="Newton"
        iterations="100" tolerance="1e-8" cone="pyramidal"/>
      <default>
        <joint type="hinge" limited="true" armature="1" damping="1"/>
        <geom type="capsule" size="0.08" density="5" contype="1" conaffinity="0" condim="3"
          friction="1 0.5 0.5" margin="%s" solref="0.02 1" solimp="0.8 0.8 0.01"/>
        <motor ctrllimited="true" ctrlrange="-30 30"/>
        <default class="ground">
          <geom conaffinity="1"/>
        </default>
      </default>
      <worldbody>
        <geom class="ground" type="plane" size="40 40 40"/>
        %s
        <body name="torso" pos="0 0 %s">
          <freejoint/>
          <geom type="sphere" size="0.25"/>
          %s
        </body>
      </worldbody>
      <actuator>%s</actuator>
    </mujoco>
    """
        .formatted(margin, blocks.mjcf(), HEIGHT, legs, motors);
  }

  private static String leg(int number, Leg leg) {
    String upper = "%s %s 0".formatted(0.2 * leg.x, 0.2 * leg.y);
    String lower = "%s %s 0".formatted(0.4 * leg.x, 0.4 * leg.y);
    return """
    <body name="leg_%1$s">
      <geom fromto="0 0 0 %2$s"/>
      <body name="thigh_%1$s" pos="%2$s">
        <joint name="hip_%1$s" axis="0 0 1" range="-30 30"/>
        <geom fromto="0 0 0 %2$s"/>
        <body name="shin_%1$s" pos="%2$s">
          <joint name="ankle_%1$s" axis="%4$s 1 0" range="%5$s"/>
          <geom fromto="0 0 0 %3$s"/>
        </body>
      </body>
    </body>
    """
        .formatted(number, upper, lower, leg.axisX, leg.range);
  }
}
