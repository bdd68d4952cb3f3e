package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.Presets;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.StateScaling;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.io.TensorFileException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunInfoTest {
  private static final DataOrigin MAZE = new DataOrigin.PointMaze(200, 0);

  @TempDir Path folder;

  private static RunInfo info(String environment, String scaling) {
    return RunInfo.of(
        Presets.config("quick").with(Map.of("data.rewardScaling", scaling)),
        MAZE,
        Optional.of(EnvironmentName.of(environment)),
        MAZE.load(1000),
        Backends.choose("scalar", 1).backend());
  }

  @Test
  void isReadAsItWasWritten() {
    RunInfo info = info("pointmaze", "auto");
    Path file = folder.resolve("config.json");
    JsonFiles.write(file, info.toJson());
    RunInfo read = RunInfo.read(file);
    assertEquals(info.toJson(), read.toJson());
    assertEquals(info.settings(), read.settings());
  }

  /** Written by the first version: no n-step targets, no state scaling. */
  @Test
  void readsTheFirstVersionsRuns() throws URISyntaxException {
    Path file = Path.of(getClass().getResource("first_config.json").toURI());
    RunInfo info = RunInfo.read(file);
    assertEquals(1, info.settings().critic().nStep());
    assertEquals(StateScaling.NONE, info.settings().data().stateScaling());
    float[] state = {1, -2, 3, .5f};
    info.states().apply(state, 1);
    assertArrayEquals(new float[] {1, -2, 3, .5f}, state);
  }

  @Test
  void halfAStateTransformIsRefused() {
    ObjectNode json = info("pointmaze", "auto").toJson();
    json.remove("stateCenter");
    Path file = folder.resolve("config.json");
    JsonFiles.write(file, json);
    String message = assertThrows(TensorFileException.class, () -> RunInfo.read(file)).getMessage();
    assertTrue(message.contains("key 'stateCenter': expected 4 numbers, found none"), message);
  }

  @Test
  void antMazeDecidesItsRewardScaling() {
    assertEquals(RewardScaling.ANTMAZE, info("antmaze-umaze", "auto").reward().kind());
    assertEquals(RewardScaling.NONE, info("antmaze-umaze", "none").reward().kind());
    assertEquals(RewardScaling.NONE, info("pointmaze", "auto").reward().kind());
  }
}
