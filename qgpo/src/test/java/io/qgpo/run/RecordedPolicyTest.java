package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.qgpo.data.DataException;
import io.qgpo.env.maze2d.Maze2d;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedPolicyTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("expert.hdf5");
  }

  /** A network of 4 inputs, hidden layers of 3 and 2 units, and 2 outputs. */
  private void write(String nonlinearity, String output, double[][] second) {
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      WritableGroup policy = hdf.putGroup("metadata").putGroup("policy");
      layer(
          policy.putGroup("fc0"),
          new double[][] {{1, 0, 0, 0}, {0, -1, 0, 0}, {0, 0, 2, 1}},
          new double[] {0, 0, 1});
      layer(policy.putGroup("fc1"), second, new double[] {0, -1});
      layer(policy.putGroup("last_fc"), new double[][] {{1, 1}, {.5, -1}}, new double[] {.25, 0});
      policy.putDataset("nonlinearity", nonlinearity);
      policy.putDataset("output_distribution", output);
    }
  }

  private static void layer(WritableGroup group, double[][] weight, double[] bias) {
    group.putDataset("weight", weight);
    group.putDataset("bias", bias);
  }

  private static final double[][] SECOND = {{1, 1, 0}, {0, 0, 1}};

  /** By hand: x = (2, -3, .5, 1) gives relu (2, 3, 3), then (5, 2), then (7.25, .5). */
  @Test
  void actsByTheMeanOfTheNetwork() {
    write("relu", "gaussian", SECOND);
    RecordedPolicy policy = RecordedPolicy.read(file);
    assertEquals(4, policy.stateSize());
    assertEquals(2, policy.actionSize());
    float[] actions = new float[4];
    policy.act(new float[] {2, -3, .5f, 1, -2, 3, -1, 0}, 2, actions);
    assertArrayEquals(new float[] {7.25f, .5f, .25f, 0}, actions, 1e-6f);

    write("relu", "tanh_gaussian", SECOND);
    RecordedPolicy.read(file).act(new float[] {2, -3, .5f, 1}, 1, actions);
    assertEquals(Math.tanh(7.25), actions[0], 1e-6);
    assertEquals(Math.tanh(.5), actions[1], 1e-6);

    write("tanh", "gaussian", SECOND);
    RecordedPolicy.read(file).act(new float[] {2, -3, .5f, 1}, 1, actions);
    double first = Math.tanh(Math.tanh(2) + Math.tanh(3));
    double other = Math.tanh(Math.tanh(3) - 1);
    assertEquals(first + other + .25, actions[0], 1e-6);
  }

  @Test
  void playsInAnEnvironment() {
    write("relu", "tanh_gaussian", SECOND);
    EvaluationReport report = RunEvaluation.recorded(file, Maze2d.UMAZE.spec(), 3, 5);
    assertEquals("metadata/policy of expert.hdf5", report.checkpoint());
    assertEquals(3, report.results().getFirst().evaluation().episodes());
    assertFalse(report.toJson().has("step"));
    assertEquals("the mean", report.protocol().get("actions"));
  }

  private String fault() {
    return assertThrows(DataException.class, () -> RecordedPolicy.read(file)).getMessage();
  }

  @Test
  void whatCannotBePlayedIsRefused() {
    write("elu", "gaussian", SECOND);
    assertTrue(fault().contains("'metadata/policy/nonlinearity'"), fault());
    write("relu", "beta", SECOND);
    assertTrue(fault().contains("tanh_gaussian or gaussian"), fault());
    write("relu", "gaussian", new double[][] {{1, 1}, {0, 1}});
    assertTrue(fault().contains("2 rows as its bias has and 3 columns"), fault());
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("rewards", new double[] {1, 2});
    }
    assertTrue(fault().contains("'metadata/policy/last_fc/weight'"), fault());
  }
}
