package io.qgpo.data.io;

import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import io.qgpo.data.Source;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Data of the tests here. */
final class Samples {
  private Samples() {}

  /** A file beside the tests, made by make_fixtures.py. */
  static Path fixture(String name) {
    try {
      return Path.of(Samples.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Rows of random bits: terminals every 5 rows, timeouts every 7 (in row 34 both), the last
   * episode cut off.
   *
   * @param timeouts whether timeouts are recorded
   * @param extras whether there are next observations and infos
   */
  static LoggedRows rows(int n, boolean timeouts, boolean extras) {
    SplittableRandom random = new SplittableRandom(n);
    float[] observations = floats(n * 3, random);
    boolean[] terminal = new boolean[n];
    boolean[] timeout = new boolean[n];
    for (int i = 0; i < n - 1; i++) {
      terminal[i] = i % 5 == 4;
      timeout[i] = i % 7 == 6;
    }
    Source source = new Source("made", "0", false);
    LoggedRows rows =
        LoggedRows.of(
            source,
            3,
            2,
            observations,
            floats(n * 2, random),
            floats(n, random),
            terminal,
            timeouts ? timeout : null);
    return extras ? withExtras(rows, observations, random) : rows;
  }

  private static LoggedRows withExtras(
      LoggedRows rows, float[] observations, SplittableRandom random) {
    int n = rows.size();
    boolean[] timeouts = rows.timeouts(1000);
    float[] next = new float[n * 3];
    for (int i = 0; i < n; i++) {
      boolean ends = i == n - 1 || timeouts[i] || rows.terminal(i);
      for (int c = 0; c < 3; c++) {
        next[i * 3 + c] = ends ? i + 0.1f : observations[(i + 1) * 3 + c];
      }
    }
    Map<String, RowArray> extras = new TreeMap<>();
    extras.put("next_observations", RowArray.matrix(3, next));
    extras.put("infos/qpos", RowArray.matrix(2, doubles(n * 2, random)));
    extras.put("infos/qvel", RowArray.matrix(1, floats(n, random)));
    extras.put("infos/action_log_probs", RowArray.vector(doubles(n, random)));
    return rows.with(extras, List.of());
  }

  /** Finite floats of every size, zeros of both signs and the smallest among them. */
  private static float[] floats(int count, SplittableRandom random) {
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      out[i] = Float.isFinite(value) ? value : -0f;
    }
    out[0] = Float.MIN_VALUE;
    return out;
  }

  private static double[] doubles(int count, SplittableRandom random) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = Double.longBitsToDouble(random.nextLong());
    }
    out[0] = Double.NaN;
    out[1] = Double.NEGATIVE_INFINITY;
    return out;
  }
}
