package io.qgpo.env.antmaze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlocksTest {
  @ParameterizedTest
  @CsvSource({"UMAZE, 0, 8, 18", "MEDIUM, 20, 20, 38", "LARGE, 32, 24, 62"})
  void goalsAndWallsAreD4rls(AntMaze maze, double x, double y, int walls) {
    assertEquals(new Blocks.Middle(x, y), maze.blocks().goal());
    assertEquals(walls, maze.blocks().mjcf().lines().count());
  }

  @Test
  void boxesAreWhereWallsAre() {
    Blocks blocks = AntMaze.UMAZE.blocks();
    assertEquals(
        "<geom class=\"ground\" type=\"box\" pos=\"-4.0 -4.0 1.0\" size=\"2.0 2.0 1.0\"/>",
        blocks.mjcf().lines().findFirst().orElseThrow());
    assertEquals(
        "<geom class=\"ground\" type=\"box\" pos=\"4.0 4.0 1.0\" size=\"2.0 2.0 1.0\"/>",
        blocks.mjcf().lines().skip(9).findFirst().orElseThrow());
  }

  @Test
  void aDrawingNeedsItsMarks() {
    Blocks blocks = new Blocks("R.");
    var e = assertThrows(IllegalArgumentException.class, blocks::goal);
    assertEquals("maze: expected a block 'G', found none", e.getMessage());
  }
}
