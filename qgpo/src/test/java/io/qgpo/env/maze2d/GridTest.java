package io.qgpo.env.maze2d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.env.maze2d.Grid.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GridTest {
  @Test
  void goalsAndCellsAreD4rls() {
    assertEquals(new Cell(1, 1), Maze2d.UMAZE.grid().goal());
    assertEquals(new Cell(6, 6), Maze2d.MEDIUM.grid().goal());
    assertEquals(new Cell(7, 9), Maze2d.LARGE.grid().goal());
    assertEquals(7, Maze2d.UMAZE.grid().free().size());
    assertEquals(26, Maze2d.MEDIUM.grid().free().size());
    assertEquals(46, Maze2d.LARGE.grid().free().size());
  }

  @Test
  void waysAreShortest() {
    Grid grid = Maze2d.UMAZE.grid();
    assertEquals(
        List.of(
            new Cell(3, 2),
            new Cell(3, 3),
            new Cell(2, 3),
            new Cell(1, 3),
            new Cell(1, 2),
            new Cell(1, 1)),
        grid.way(new Cell(3, 1), new Cell(1, 1)));
    assertEquals(List.of(new Cell(2, 3)), grid.way(new Cell(2, 3), new Cell(2, 3)));
    assertEquals(10, Maze2d.MEDIUM.grid().way(new Cell(1, 1), new Cell(6, 6)).size());
  }

  @ParameterizedTest
  @EnumSource
  void everyCellIsReachedFromEveryOther(Maze2d maze) {
    Grid grid = maze.grid();
    for (Cell from : grid.free()) {
      for (Cell to : grid.free()) {
        Cell last = from;
        for (Cell cell : grid.way(from, to)) {
          assertFalse(grid.isWall(cell.i(), cell.j()));
          int steps = Math.abs(cell.i() - last.i()) + Math.abs(cell.j() - last.j());
          assertEquals(from.equals(to) ? 0 : 1, steps);
          last = cell;
        }
        assertEquals(to, last);
      }
    }
  }

  @Test
  void whereThereIsNoWay() {
    Grid grid = new Grid("#####", "#.#G#", "#####");
    for (Cell from : List.of(new Cell(1, 1), new Cell(1, 2))) {
      var e = assertThrows(IllegalArgumentException.class, () -> grid.way(from, new Cell(1, 3)));
      assertTrue(e.getMessage().startsWith("maze2d: found no way from Cell"), e.getMessage());
    }
  }

  @Test
  void positionsAreInTheirCells() {
    assertEquals(3, Grid.index(3));
    assertEquals(3, Grid.index(2.31));
    assertEquals(3, Grid.index(3.29));
    assertEquals(2, Grid.index(2.29));
    assertEquals(4, Grid.index(3.31));
    assertFalse(Maze2d.UMAZE.grid().isWall(-1, 2));
    assertFalse(Maze2d.UMAZE.grid().isWall(2, 5));
  }
}
