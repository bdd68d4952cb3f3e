package io.qgpo.env.maze2d;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.ActionBounds;
import io.qgpo.data.Dataset;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.RowArray;
import io.qgpo.data.io.DatasetConversion;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.FileFormat;
import io.qgpo.data.io.ReadOptions;
import io.qgpo.env.Environment.Step;
import io.qgpo.env.PhysicalEnvironment;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Maze2dDataTest {
  @ParameterizedTest
  @EnumSource
  void rowsAreWhatTheEnvironmentDoes(Maze2d maze) {
    LoggedRows rows = Maze2dData.rows(maze, 3000, 1);
    RowArray qpos = rows.extra("infos/qpos").orElseThrow();
    RowArray qvel = rows.extra("infos/qvel").orElseThrow();
    PhysicalEnvironment environment = maze.environment();
    for (int i = 0; i < rows.size() - 1; i++) {
      double[] q = {qpos.at(i, 0), qpos.at(i, 1)};
      double[] v = {qvel.at(i, 0), qvel.at(i, 1)};
      float[] seen = environment.reset(q, v);
      Step step = environment.step(new float[] {rows.action(i, 0), rows.action(i, 1)});
      for (int c = 0; c < 4; c++) {
        assertEquals(rows.observation(i, c), seen[c]);
        assertEquals(rows.observation(i + 1, c), step.observation()[c]);
      }
      assertEquals(step.reward(), rows.reward(i));
      assertFalse(rows.terminal(i));
    }
  }

  /** Every trip's goal is another free cell, and is reached where the trip ends. */
  @ParameterizedTest
  @EnumSource
  void tripsEndAtTheirGoals(Maze2d maze) {
    LoggedRows rows = Maze2dData.rows(maze, 50_000, 2);
    RowArray goals = rows.extra("infos/goal").orElseThrow();
    boolean[] sought = new boolean[maze.grid().free().size()];
    int first = 0;
    for (int i = 0; i < rows.size(); i++) {
      Grid.Cell goal = new Grid.Cell((int) goals.at(i, 0), (int) goals.at(i, 1));
      double dx = rows.observation(i, 0) - goal.i();
      double dy = rows.observation(i, 1) - goal.j();
      boolean late = i - first == maze.maxSteps() - 1;
      assertEquals(Math.hypot(dx, dy) < 0.1 || late, rows.timeout(i), "row " + i);
      if (rows.timeout(i)) {
        sought[maze.grid().free().indexOf(goal)] = true;
        first = i + 1;
        if (first < rows.size()) {
          assertNotEquals(goal, new Grid.Cell((int) goals.at(first, 0), (int) goals.at(first, 1)));
        }
      }
    }
    boolean[] all = new boolean[sought.length];
    Arrays.fill(all, true);
    assertArrayEquals(all, sought);
  }

  @Test
  void theyAreFitForTraining() {
    Dataset d = Maze2dData.generate(Maze2d.UMAZE, 20_000, 3);
    assertEquals(20_000, d.info().rows());
    assertEquals(0, d.info().terminals());
    assertEquals(ActionBounds.unit(2), ActionBounds.learn(d.transitions()));
    assertEquals(RewardScaling.NONE, RewardScaling.AUTO.of(d).kind());
    assertTrue(d.source().generated());
    double length = d.info().lengths().mean();
    assertEquals(92, length, 4, "steps of a trip");
    double perEpisode = d.info().rewards().mean() * Maze2d.UMAZE.maxSteps();
    assertTrue(perEpisode > 15 && perEpisode < 40, "return of such data: " + perEpisode);
  }

  @Test
  void theyGoThroughAFile(@TempDir Path folder) {
    LoggedRows rows = Maze2dData.rows(Maze2d.LARGE, 300, 6);
    Path file = folder.resolve("maze2d-large.hdf5");
    DatasetConversion.write(rows, file, FileFormat.D4RL, 800, false);
    LoggedRows back = DatasetFiles.readRows(file, ReadOptions.DEFAULT.keepingExtras());
    assertEquals(rows.extras().keySet(), back.extras().keySet());
    for (int i = 0; i < 300; i++) {
      assertEquals(rows.timeout(i), back.timeout(i));
      assertEquals(rows.observation(i, 3), back.observation(i, 3));
      for (int c = 0; c < 2; c++) {
        double qpos = rows.extra("infos/qpos").orElseThrow().at(i, c);
        assertEquals(qpos, back.extra("infos/qpos").orElseThrow().at(i, c));
      }
    }
  }

  @Test
  void theSeedDecidesTheData() {
    String hash = Maze2dData.rows(Maze2d.UMAZE, 500, 4).source().sha256();
    assertEquals(hash, Maze2dData.rows(Maze2d.UMAZE, 500, 4).source().sha256());
    assertNotEquals(hash, Maze2dData.rows(Maze2d.UMAZE, 500, 5).source().sha256());
    assertEquals("maze2d-umaze (seed 4)", Maze2dData.rows(Maze2d.UMAZE, 500, 4).source().name());
    var e =
        assertThrows(IllegalArgumentException.class, () -> Maze2dData.generate(Maze2d.LARGE, 1, 0));
    assertEquals("maze2d-large data: expected at least 2 rows, found 1", e.getMessage());
  }
}
