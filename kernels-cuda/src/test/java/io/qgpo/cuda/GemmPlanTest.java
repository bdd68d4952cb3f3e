package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Every part of the inner extent belongs to one split, and none is empty. */
class GemmPlanTest {
  @Property
  void splitsCoverTheRowsOnce(
      @ForAll @IntRange(min = 1, max = 3) int layers,
      @ForAll @IntRange(min = 1, max = 10_000) int rows,
      @ForAll @IntRange(min = 1, max = 5000) int in,
      @ForAll @IntRange(min = 1, max = 5000) int out,
      @ForAll boolean withX) {
    GemmPlan plan = plan(layers, rows, in, out, withX);
    assertEquals(0, plan.innerPerSplit() % 32);
    assertTrue((long) plan.innerPerSplit() * plan.splits() >= rows);
    assertTrue((long) plan.innerPerSplit() * (plan.splits() - 1) < rows);
    // The kernels count the parts of tiles that are split: MOST_PARTS of tiles.cuh.
    int parts = layers * plan.splits() * GemmPlan.blocks(plan.tile(), out, in);
    assertTrue(plan.splits() == 1 || parts <= 256, plan + " has " + parts);
  }

  @Test
  void aLongSumIsSplit() {
    assertEquals(8, plan(1, 4096, 512, 512, false).splits());
    assertEquals(8, plan(1, 4096, 512, 512, true).splits());
    assertEquals(GemmPlan.LARGE, GemmPlan.tile(1, 4096, 512));
    assertEquals(GemmPlan.SMALL, GemmPlan.tile(1, 4096, 128));
    // Two layers are twice as many blocks.
    assertEquals(4, plan(2, 4096, 512, 512, true).splits());
    assertEquals(GemmPlan.SMALL, GemmPlan.tile(1, 4096, 256));
    assertEquals(GemmPlan.LARGE, GemmPlan.tile(2, 4096, 256));
  }

  @Test
  void aLargeTileIsNotSpentOnFewOutputs() {
    assertEquals(GemmPlan.SMALL, plan(1, 4096, 1024, 6, true).tile());
    assertEquals(GemmPlan.LARGE, plan(1, 4096, 1024, 256, true).tile());
  }

  private static GemmPlan plan(int layers, int rows, int in, int out, boolean withX) {
    int tile = GemmPlan.backwardTile(layers, rows, in, out, withX);
    return GemmPlan.ofBackward(tile, layers, rows, in, out);
  }
}
