package io.qgpo.env.locomotion;

import io.qgpo.env.Capsule;
import io.qgpo.env.Drawing;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.function.Supplier;

/** A body from the side. The view goes with it; tiles on the ground show that it moves. */
final class SideView implements Drawing {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 220;

  /** Pixels of a metre: shows 4 metres by 2, the bodies being up to 1.5 high. */
  private static final int METRE = 110;

  /** Height of the ground in the picture, in metres. */
  private static final double GROUND = 0.2;

  /** Length of a tile in metres. */
  private static final double TILE = 0.5;

  private static final Color EVEN_TILE = new Color(0xCCCCCC);
  private static final Color ODD_TILE = new Color(0x999999);

  /** From the torso to the feet. */
  private static final Color[] LIMBS = {
    new Color(0x003366), new Color(0x336699), new Color(0x6699CC), new Color(0xFF9933)
  };

  /** Of the left leg, which is behind the other. */
  private static final Color FAR_LEG = new Color(0x999999);

  private final Skeleton skeleton;
  private final Supplier<double[]> positions;

  /**
   * @param positions qpos, as it is when asked
   */
  SideView(Skeleton skeleton, Supplier<double[]> positions) {
    this.skeleton = skeleton;
    this.positions = positions;
  }

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public int height() {
    return HEIGHT;
  }

  @Override
  public void draw(Graphics2D graphics) {
    double[] qpos = positions.get();
    double halfWidth = WIDTH / 2.0 / METRE;
    graphics.translate(WIDTH / 2, HEIGHT - GROUND * METRE);
    graphics.scale(METRE, -METRE);
    graphics.translate(-qpos[0], 0);
    long first = (long) Math.floor((qpos[0] - halfWidth) / TILE);
    long last = (long) Math.floor((qpos[0] + halfWidth) / TILE);
    graphics.setColor(EVEN_TILE);
    graphics.fill(new Rectangle2D.Double(first * TILE, -GROUND, (last - first + 1) * TILE, GROUND));
    graphics.setColor(ODD_TILE);
    for (long tile = first; tile <= last; tile++) {
      if (tile % 2 != 0) {
        graphics.fill(new Rectangle2D.Double(tile * TILE, -GROUND, TILE, GROUND));
      }
    }
    var bones = skeleton.at(qpos);
    bones.stream().filter(SideView::isFar).forEach(bone -> capsule(bone).draw(graphics));
    bones.stream().filter(b -> !isFar(b)).forEach(bone -> capsule(bone).draw(graphics));
  }

  private static boolean isFar(Skeleton.Placed placed) {
    return placed.link().name().endsWith("_left");
  }

  private static Capsule capsule(Skeleton.Placed placed) {
    Skeleton.Bone bone = placed.bone();
    Color color = isFar(placed) ? FAR_LEG : LIMBS[placed.link().depth()];
    return new Capsule(bone.x1(), bone.z1(), bone.x2(), bone.z2(), bone.radius(), color);
  }
}
