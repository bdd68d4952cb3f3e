package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.data.ActionBounds;
import io.qgpo.data.Transitions;
import io.qgpo.env.PointMazeData;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupportDispersionTest {
  @TempDir Path folder;

  /** Two candidates of [-1, 1] units, mapped to the bounds [0, 4] and [-1, 1] of the data. */
  @Test
  void measuresInTheUnitsOfTheData() {
    Transitions transitions = PointMazeData.generate(50, 1).transitions();
    var bounds = ActionBounds.of(new float[] {0, -1}, new float[] {4, 1});
    int states = transitions.stateCount();
    try (var support = MappedFloats.create(folder.resolve("support.bin"), states, 4, 0)) {
      for (int i = 0; i < states; i++) {
        support.append(new float[] {-0.5f, 0.25f, 1.5f, 0.25f}, 0, 1);
      }
      support.commit();
      SupportDispersion found = SupportDispersion.of(support, transitions, bounds);
      assertArrayEquals(new double[] {3, 0.25}, found.supportMean(), 1e-12);
      assertArrayEquals(new double[] {2, 0}, found.supportSd(), 1e-12);
      assertEquals(0.5, found.outside(), "the second candidate is beyond 4");
      for (int c = 0; c < 2; c++) {
        double mean = 0;
        double square = 0;
        float[] action = new float[2];
        for (int i = 0; i < transitions.size(); i++) {
          transitions.copyActions(i, 1, action, 0, 2);
          mean += action[c] / (double) transitions.size();
          square += (double) action[c] * action[c] / transitions.size();
        }
        assertEquals(mean, found.dataMean()[c], 1e-9);
        assertEquals(Math.sqrt(square - mean * mean), found.dataSd()[c], 1e-9);
      }
    }
  }

  @Test
  void printsATable() {
    var dispersion =
        new SupportDispersion(
            new double[] {0.0291, -1.5},
            new double[] {0.2044, 0.5},
            new double[] {0.043, -1.25},
            new double[] {0.241, 0.75},
            0.0214);
    assertEquals(
        List.of(
            "  action   mean   (data's)     sd   (data's)",
            "       0  0.029   ( 0.043)  0.204   ( 0.241)",
            "       1 -1.500   (-1.250)  0.500   ( 0.750)",
            "  2.1 % are out of the bounds"),
        dispersion.toString().lines().toList());
  }
}
