package io.qgpo.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void hasExtentsRowsAndColumns() {
    Shape shape = Shape.of(2, 3, 4, 5);
    assertEquals(4, shape.rank());
    assertEquals(120, shape.size());
    assertEquals(24, shape.rows());
    assertEquals(5, shape.columns());
    assertEquals(2, shape.dim(0));
    assertEquals(5, shape.dim(-1));
    assertEquals(3, shape.dim(-3));
    assertArrayEquals(new int[] {2, 3, 4, 5}, shape.toArray());
    assertEquals("[2, 3, 4, 5]", shape.toString());
    assertEquals(Shape.of(2, 3, 4, 7), shape.withColumns(7));
  }

  @Test
  void aScalarIsOneByOne() {
    assertEquals(0, Shape.SCALAR.rank());
    assertEquals(1, Shape.SCALAR.size());
    assertEquals(1, Shape.SCALAR.rows());
    assertEquals(1, Shape.SCALAR.columns());
    assertEquals("[]", Shape.SCALAR.toString());
    assertEquals(Shape.of(3), Shape.SCALAR.withColumns(3));
  }

  @Test
  void equalsByRankAndExtents() {
    assertEquals(Shape.of(2, 3), Shape.ofDims(2, 3));
    assertEquals(Shape.of(2, 3).hashCode(), Shape.ofDims(2, 3).hashCode());
    assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
    assertNotEquals(Shape.of(3), Shape.of(1, 3));
    assertFalse(Shape.of(3).equals("[3]"));
    assertSame(Shape.SCALAR, Shape.ofDims());
    assertEquals(Shape.of(7), Shape.ofDims(7));
    assertEquals(Shape.of(1, 2, 3), Shape.ofDims(1, 2, 3));
    assertEquals(Shape.of(1, 2, 3, 4), Shape.ofDims(1, 2, 3, 4));
  }

  @Test
  void mayBeEmpty() {
    assertEquals(0, Shape.of(0).size());
    assertEquals(0, Shape.of(4, 0, 3).size());
    assertEquals(0, Shape.of(4, 0, 3).rows());
  }

  @Test
  void refusesWhatIsNoShape() {
    assertEquals("Shape: extents must be 0 or more, found [3, -1]", refusal(() -> Shape.of(3, -1)));
    assertEquals(
        "Shape: at most 2^31-1 elements fit one tensor, found [65536, 65536]; split the batch",
        refusal(() -> Shape.of(65536, 65536)));
    assertEquals(
        "Shape: rank 0 to 4 is supported, found 5 extents; fold leading extents together",
        refusal(() -> Shape.ofDims(1, 2, 3, 4, 5)));
    assertEquals(
        "Shape.dim: axis 2 is outside the rank 2 of [3, 4]",
        assertThrows(IndexOutOfBoundsException.class, () -> Shape.of(3, 4).dim(2)).getMessage());
    assertEquals(
        "Shape.dim: axis -3 is outside the rank 2 of [3, 4]",
        assertThrows(IndexOutOfBoundsException.class, () -> Shape.of(3, 4).dim(-3)).getMessage());
  }

  @Test
  void broadcastsByTheRuleOfNumPy() {
    assertEquals(Shape.of(3, 4), Shape.broadcast("add", Shape.of(3, 4), Shape.of(3, 4)));
    assertEquals(Shape.of(3, 4), Shape.broadcast("add", Shape.of(4), Shape.of(3, 1)));
    assertEquals(Shape.of(2, 3, 4), Shape.broadcast("add", Shape.of(2, 1, 4), Shape.of(3, 1)));
    assertEquals(Shape.of(1, 1), Shape.broadcast("add", Shape.SCALAR, Shape.of(1, 1)));
    assertEquals(Shape.of(0, 4), Shape.broadcast("add", Shape.of(0, 1), Shape.of(1, 4)));
    assertEquals(
        "add: shapes [2, 3] and [2, 4] do not broadcast: aligned at the last axis, extents must"
            + " be equal or 1, found 3 against 4",
        refusal(() -> Shape.broadcast("add", Shape.of(2, 3), Shape.of(2, 4))));
  }

  @Test
  void knowsWhatItStretchesTo() {
    assertTrue(Shape.of(4).broadcastsTo(Shape.of(3, 4)));
    assertTrue(Shape.of(3, 1).broadcastsTo(Shape.of(3, 4)));
    assertTrue(Shape.SCALAR.broadcastsTo(Shape.of(3, 4)));
    assertFalse(Shape.of(3).broadcastsTo(Shape.of(3, 4)));
    assertFalse(Shape.of(1, 3, 4).broadcastsTo(Shape.of(3, 4)), "it would lose an axis");
    assertFalse(Shape.of(3, 4).broadcastsTo(Shape.of(3, 1)));
  }

  private static String refusal(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(IllegalArgumentException.class, action).getMessage();
  }
}
