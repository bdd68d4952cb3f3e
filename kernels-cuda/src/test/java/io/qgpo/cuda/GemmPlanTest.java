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
  void splitsCoverTheInnerExtentOnce(
      @ForAll @IntRange(min = 1, max = 5000) int rows,
      @ForAll @IntRange(min = 1, max = 5000) int columns,
      @ForAll @IntRange(min = 1, max = 10_000) int inner,
      @ForAll boolean splittable) {
    GemmPlan plan = GemmPlan.of(rows, columns, inner, splittable);
    assertEquals(0, plan.innerPerSplit() % 32);
    assertTrue((long) plan.innerPerSplit() * plan.splits() >= inner);
    assertTrue((long) plan.innerPerSplit() * (plan.splits() - 1) < inner);
    if (!splittable) {
      assertEquals(1, plan.splits());
    }
  }

  @Test
  void aSmallResultOfALongSumIsSplitAndALargeOneIsNot() {
    assertEquals(8, GemmPlan.of(512, 512, 4096, true).splits());
    assertEquals(1, GemmPlan.of(4096, 512, 512, true).splits());
    assertEquals(GemmPlan.LARGE, GemmPlan.of(4096, 512, 512, false).tile());
    assertEquals(GemmPlan.SMALL, GemmPlan.of(4096, 128, 512, false).tile());
  }
}
