package io.qgpo.env.locomotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.env.mujoco.DataText;
import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.env.mujoco.RequiredMujoco;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkeletonTest {
  private static Skeleton skeleton(String body) {
    return SkeletonReader.read(Mjcf.template(body));
  }

  private static void assertBone(
      Skeleton.Placed found, String link, double x1, double z1, double x2, double z2) {
    assertEquals(link, found.link().name());
    assertEquals(x1, found.bone().x1(), 1e-12, link);
    assertEquals(z1, found.bone().z1(), 1e-12, link);
    assertEquals(x2, found.bone().x2(), 1e-12, link);
    assertEquals(z2, found.bone().z2(), 1e-12, link);
  }

  /** Upright: sums of the model's offsets. The foot's underside is 4 cm above the ground. */
  @Test
  void hopperStands() {
    List<Skeleton.Placed> bones = skeleton("hopper").at(new double[] {3, 1.25, 0, 0, 0, 0});
    assertEquals(4, bones.size());
    assertBone(bones.get(0), "torso", 3, 1.05, 3, 1.45);
    assertBone(bones.get(1), "thigh", 3, 0.6, 3, 1.05);
    assertBone(bones.get(2), "leg", 3, 0.1, 3, 0.6);
    assertBone(bones.get(3), "foot", 2.87, 0.1, 3.26, 0.1);
    assertEquals(0.06, bones.get(3).bone().radius());
  }

  /** A knee bent by -90 degrees: about -y, so the leg points backwards from where it hangs. */
  @Test
  void jointsTurnAboutTheirAnchor() {
    double[] qpos = {0, 1.25, 0, 0, -Math.PI / 2, 0};
    assertBone(skeleton("hopper").at(qpos).get(2), "leg", -0.5, 0.6, 0, 0.6);
    double[] leaning = {0, 1.25, Math.PI / 2, 0, 0, 0};
    assertBone(skeleton("hopper").at(leaning).get(0), "torso", -0.2, 1.25, 0.2, 1.25);
  }

  @Test
  void walkerHasTwoLegs() {
    double[] qpos = {0, 1.25, 0, 0.1, 0, 0, 0, 0, 0};
    List<Skeleton.Placed> bones = skeleton("walker2d").at(qpos);
    assertEquals(7, bones.size());
    assertBone(bones.get(4), "thigh_left", 0, 0.6, 0, 1.05);
    double x = 0.45 * Math.sin(0.1);
    assertBone(bones.get(1), "thigh", x, 1.05 - 0.45 * Math.cos(0.1), 0, 1.05);
  }

  @Test
  void cheetahStandsOnItsToes() {
    List<Skeleton.Placed> bones = skeleton("halfcheetah").at(new double[9]);
    assertEquals(8, bones.size());
    assertBone(bones.get(0), "torso", -0.5, 0.7, 0.5, 0.7);
    double x = 0.15 * Math.sin(0.87);
    double z = 0.15 * Math.cos(0.87);
    assertBone(bones.get(1), "torso", 0.6 - x, 0.8 - z, 0.6 + x, 0.8 + z);
    // The front foot hangs at 0.5 - 0.14 + 0.13 + 0.045, and at 0.7 - 0.24 - 0.18 - 0.07.
    Skeleton.Bone foot = bones.get(7).bone();
    assertEquals(0.535, (foot.x1() + foot.x2()) / 2, 1e-12);
    assertEquals(0.21, (foot.z1() + foot.z2()) / 2, 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"hopper, 6, 1.25", "walker2d, 9, 1.25", "halfcheetah, 9, 0"})
  void capsulesAreWhereMujocoPutsThem(String body, int joints, double height) throws Throwable {
    MujocoLibrary library = RequiredMujoco.library();
    String mjcf = Mjcf.of(body, Rules.D4RL, Inertia.EXACT, library.version());
    Skeleton skeleton = skeleton(body);
    var random = new SplittableRandom(5);
    for (int trial = 0; trial < 20; trial++) {
      double[] qpos = random.doubles(joints, -2, 2).toArray();
      qpos[1] += height;
      List<Skeleton.Placed> bones = skeleton.at(qpos);
      List<double[]> centres = DataText.of(library, mjcf, qpos, "GEOM_XPOS");
      List<double[]> axes = DataText.of(library, mjcf, qpos, "GEOM_XMAT");
      assertEquals(1 + bones.size(), centres.size(), "the ground and the bones");
      for (int i = 0; i < bones.size(); i++) {
        Skeleton.Bone bone = bones.get(i).bone();
        double length = Math.hypot(bone.x2() - bone.x1(), bone.z2() - bone.z1());
        String where = bones.get(i).link().name() + " of trial " + trial;
        assertEquals(centres.get(i + 1)[0], (bone.x1() + bone.x2()) / 2, 1e-12, where);
        assertEquals(centres.get(i + 1)[2], (bone.z1() + bone.z2()) / 2, 1e-12, where);
        assertEquals(axes.get(i + 1)[2], (bone.x2() - bone.x1()) / length, 1e-12, where);
        assertEquals(axes.get(i + 1)[8], (bone.z2() - bone.z1()) / length, 1e-12, where);
      }
    }
  }

  /** Whatever the pose, bones keep their length, and a shin starts where its thigh ends. */
  @ParameterizedTest
  @CsvSource({"hopper, 6", "walker2d, 9", "halfcheetah, 9"})
  void bonesAreStiff(String body, int joints) {
    Skeleton skeleton = skeleton(body);
    List<Skeleton.Placed> rest = skeleton.at(new double[joints]);
    var random = new SplittableRandom(6);
    for (int trial = 0; trial < 20; trial++) {
      List<Skeleton.Placed> bones = skeleton.at(random.doubles(joints, -3, 3).toArray());
      for (int i = 0; i < bones.size(); i++) {
        assertEquals(length(rest.get(i)), length(bones.get(i)), 1e-12);
      }
      if (!body.equals("halfcheetah")) {
        assertEquals(bones.get(1).bone().x1(), bones.get(2).bone().x2(), 1e-12);
        assertEquals(bones.get(1).bone().z1(), bones.get(2).bone().z2(), 1e-12);
      }
    }
  }

  private static double length(Skeleton.Placed placed) {
    Skeleton.Bone bone = placed.bone();
    return Math.hypot(bone.x2() - bone.x1(), bone.z2() - bone.z1());
  }

  @Test
  void whatIsNotXmlIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> SkeletonReader.read("<mujoco"));
  }
}
