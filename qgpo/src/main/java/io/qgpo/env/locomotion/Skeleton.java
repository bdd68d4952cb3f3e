package io.qgpo.env.locomotion;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the parts of a flat body are, computed from its joints' positions as MuJoCo does. */
final class Skeleton {
  /**
   * A joint.
   *
   * @param slideX x of what it slides along; 0 for a hinge
   * @param slideZ z of the same
   * @param ref the position at which the body is where its model puts it
   * @param turn 1 if it turns about y, -1 if about -y, 0 for a slide
   * @param anchorX x of the point that it turns about, in the frame of its link
   * @param anchorZ z of the same
   */
  record Joint(
      double slideX, double slideZ, double ref, double turn, double anchorX, double anchorZ) {
    static Joint slide(double x, double z, double ref) {
      return new Joint(x, z, ref, 0, 0, 0);
    }

    static Joint hinge(double turn, double anchorX, double anchorZ) {
      return new Joint(0, 0, 0, turn, anchorX, anchorZ);
    }
  }

  /**
   * A capsule in the frame of its link.
   *
   * @param x1 one end
   * @param z1 one end
   * @param x2 the other end
   * @param z2 the other end
   */
  record Bone(double x1, double z1, double x2, double z2, double radius) {}

  /**
   * What moves as one.
   *
   * @param parent what it hangs on; null for the root
   * @param x of its frame in the parent's
   * @param z of the same
   */
  record Link(String name, Link parent, double x, double z, List<Joint> joints, List<Bone> bones) {
    Link(String name, Link parent, double x, double z) {
      this(name, parent, x, z, new ArrayList<>(), new ArrayList<>());
    }

    /** How many links there are above it. */
    int depth() {
      return parent == null ? 0 : 1 + parent.depth();
    }
  }

  /** A bone of a link, placed in the world. */
  record Placed(Link link, Bone bone) {}

  /**
   * A place and a direction in the world. A point (x, z) of it is where x goes along (cos, -sin)
   * and z along (sin, cos): a positive angle turns z towards x.
   */
  private record Frame(double x, double z, double angle) {
    double pointX(double localX, double localZ) {
      return x + localX * Math.cos(angle) + localZ * Math.sin(angle);
    }

    double pointZ(double localX, double localZ) {
      return z - localX * Math.sin(angle) + localZ * Math.cos(angle);
    }

    Frame moved(double localX, double localZ) {
      return new Frame(pointX(localX, localZ), pointZ(localX, localZ), angle);
    }

    /** The frame after its joint has this position. The anchor stays where it is. */
    Frame after(Joint joint, double position) {
      if (joint.turn == 0) {
        double way = position - joint.ref;
        return moved(way * joint.slideX, way * joint.slideZ);
      }
      Frame anchor = moved(joint.anchorX, joint.anchorZ);
      return new Frame(anchor.x, anchor.z, angle + joint.turn * position)
          .moved(-joint.anchorX, -joint.anchorZ);
    }
  }

  private final List<Link> links = new ArrayList<>();

  /** Adds a link whose parent is there already. */
  Link add(Link link) {
    links.add(link);
    return link;
  }

  /**
   * All bones, from the root on.
   *
   * @param qpos one number for each joint
   */
  List<Placed> at(double[] qpos) {
    Map<String, Frame> frames = new HashMap<>();
    List<Placed> placed = new ArrayList<>();
    int q = 0;
    for (Link link : links) {
      Frame parent = link.parent == null ? new Frame(0, 0, 0) : frames.get(link.parent.name);
      Frame frame = parent.moved(link.x, link.z);
      for (Joint joint : link.joints) {
        frame = frame.after(joint, qpos[q++]);
      }
      frames.put(link.name, frame);
      for (Bone bone : link.bones) {
        placed.add(
            new Placed(
                link,
                new Bone(
                    frame.pointX(bone.x1, bone.z1),
                    frame.pointZ(bone.x1, bone.z1),
                    frame.pointX(bone.x2, bone.z2),
                    frame.pointZ(bone.x2, bone.z2),
                    bone.radius)));
      }
    }
    return placed;
  }
}
