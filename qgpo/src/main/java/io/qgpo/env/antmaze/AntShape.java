package io.qgpo.env.antmaze;

import io.qgpo.env.Capsule;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** Where the parts of {@link AntModel}'s ant are. */
final class AntShape {
  private static final Color TORSO = new Color(0x003366);
  private static final Color LEG = new Color(0x336699);
  private static final Color SHIN = new Color(0xFF9933);

  private AntShape() {}

  /**
   * The ant from above, in metres, x to the right and y up: torso, then three parts of each leg
   * from the torso outwards.
   *
   * @param qpos as in {@link AntModel#POSITIONS}
   */
  static List<Capsule> fromAbove(double[] qpos) {
    List<Capsule> parts = new ArrayList<>();
    parts.add(Capsule.disc(qpos[0], qpos[1], AntModel.TORSO_RADIUS, TORSO));
    for (int k = 0; k < AntModel.LEGS.size(); k++) {
      int joint = AntModel.FIRST_JOINT + 2 * k;
      double[][] ends = ends(AntModel.LEGS.get(k), qpos[joint], qpos[joint + 1]);
      double[] from = {qpos[0], qpos[1]};
      for (int part = 0; part < ends.length; part++) {
        double[] to = turned(qpos, ends[part]);
        parts.add(
            new Capsule(
                from[0],
                from[1],
                to[0],
                to[1],
                AntModel.LEG_RADIUS,
                part == ends.length - 1 ? SHIN : LEG));
        from = to;
      }
    }
    return parts;
  }

  /** Outer ends of a leg's parts, (x, y, z) from the torso's centre in its own frame. */
  private static double[][] ends(AntModel.Leg leg, double hip, double ankle) {
    double x = AntModel.THIGH * leg.x();
    double y = AntModel.THIGH * leg.y();
    // Turned by the ankle about (axisX, 1, 0) / sqrt 2, which is at right angles to the leg.
    double out = AntModel.THIGH + AntModel.SHIN * Math.cos(ankle);
    double outX = out * leg.x();
    double outY = out * leg.y();
    double rise =
        AntModel.SHIN * Math.sin(ankle) * (leg.axisX() * leg.y() - leg.x()) / Math.sqrt(2);
    double c = Math.cos(hip);
    double s = Math.sin(hip);
    return new double[][] {
      {x, y, 0},
      {x + c * x - s * y, y + s * x + c * y, 0},
      {x + c * outX - s * outY, y + s * outX + c * outY, rise}
    };
  }

  /** x and y in the world of a point of the torso: turned by the quaternion qpos[3..6], moved. */
  private static double[] turned(double[] qpos, double[] point) {
    double w = qpos[3];
    double i = qpos[4];
    double j = qpos[5];
    double k = qpos[6];
    return new double[] {
      qpos[0]
          + (1 - 2 * (j * j + k * k)) * point[0]
          + 2 * (i * j - w * k) * point[1]
          + 2 * (i * k + w * j) * point[2],
      qpos[1]
          + 2 * (i * j + w * k) * point[0]
          + (1 - 2 * (i * i + k * k)) * point[1]
          + 2 * (j * k - w * i) * point[2]
    };
  }
}
