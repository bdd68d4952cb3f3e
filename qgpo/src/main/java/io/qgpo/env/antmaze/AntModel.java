package io.qgpo.env.antmaze;

import io.qgpo.env.mujoco.MujocoVersion;
import java.util.List;

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

  static final double TORSO_RADIUS = 0.25;
  static final double LEG_RADIUS = 0.08;

  /** x and y of each of the two upper parts of a leg; their length is this times sqrt 2. */
  static final double THIGH = 0.2;

  /** The same of the lower part, when it is level. */
  static final double SHIN = 0.4;

  /** Seconds of a simulation step. */
  static final double TIMESTEP = 0.02;

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
  record Leg(int x, int y, int axisX, String range) {}

  /** In the order of the bodies, and of qpos from {@link #FIRST_JOINT} on. */
  static final List<Leg> LEGS =
      List.of(
          new Leg(1, 1, -1, "30 70"),
          new Leg(-1, 1, 1, "-70 -30"),
          new Leg(-1, -1, -1, "-70 -30"),
          new Leg(1, -1, 1, "30 70"));

  /** Where the first leg's hip is in qpos; its ankle follows. */
  static final int FIRST_JOINT = 7;

  /** Legs in the order of the motors, which is that of Gym's and not that of the bodies. */
  private static final int[] MOTORS = {4, 1, 2, 3};

  private AntModel() {}

  static String mjcf(Blocks blocks, MujocoVersion version) {
    // A contact's margin is to be 0.01: the larger of its geoms', later their sum.
    String margin = version.sumsMargins() ? "0.005" : "0.01";
    StringBuilder legs = new StringBuilder();
    StringBuilder motors = new StringBuilder();
    for (int k = 1; k <= LEGS.size(); k++) {
      legs.append(leg(k, LEGS.get(k - 1)));
      motors.append(
          "<motor joint=\"hip_%1$s\"/><motor joint=\"ankle_%1$s\"/>".formatted(MOTORS[k - 1]));
    }
    return """
    <mujoco model="antmaze">
      <compiler angle="degree" inertiafromgeom="true"/>
      <option timestep="%s" integrator="RK4" gravity="0 0 -9.81" solver="Newton"
        iterations="100" tolerance="1e-8" cone="pyramidal"/>
      <default>
        <joint type="hinge" limited="true" armature="1" damping="1"/>
        <geom type="capsule" size="%s" density="5" contype="1" conaffinity="0" condim="3"
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
          <geom type="sphere" size="%s"/>
          %s
        </body>
      </worldbody>
      <actuator>%s</actuator>
    </mujoco>
    """
        .formatted(TIMESTEP, LEG_RADIUS, margin, blocks.mjcf(), HEIGHT, TORSO_RADIUS, legs, motors);
  }

  private static String leg(int number, Leg leg) {
    String upper = "%s %s 0".formatted(THIGH * leg.x, THIGH * leg.y);
    String lower = "%s %s 0".formatted(SHIN * leg.x, SHIN * leg.y);
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
