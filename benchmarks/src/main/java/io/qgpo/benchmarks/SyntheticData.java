package io.qgpo.benchmarks;

import io.qgpo.algorithm.DeviceData;
import io.qgpo.data.ActionBounds;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.Transitions;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Data of the right sizes to time steps on; what is in it does not matter to the time. */
final class SyntheticData {
  private static final int SUPPORT_BLOCK_ROWS = 1000;

  private SyntheticData() {}

  /** {@link Workload#TRANSITIONS} transitions in one long walk, on a backend. */
  static DeviceData transitions(Backend backend) {
    int n = Workload.TRANSITIONS;
    SplittableRandom random = new SplittableRandom(1);
    int[] from = new int[n];
    int[] to = new int[n];
    for (int i = 0; i < n; i++) {
      from[i] = i;
      to[i] = i + 1;
    }
    Transitions transitions =
        Transitions.of(
            "synthetic",
            Workload.STATE_DIM,
            Workload.ACTION_DIM,
            uniform(random, (n + 1) * Workload.STATE_DIM),
            uniform(random, n * Workload.ACTION_DIM),
            uniform(random, n),
            new boolean[n],
            from,
            to);
    return DeviceData.of(
        backend,
        transitions,
        ActionBounds.unit(Workload.ACTION_DIM),
        new RewardScaling.Transform(RewardScaling.NONE, 1, 0));
  }

  /** A file with {@link Workload#CANDIDATES} actions for each row of the state table. */
  static MappedFloats support(Path file, int stateCount) {
    int columns = Workload.CANDIDATES * Workload.ACTION_DIM;
    SplittableRandom random = new SplittableRandom(2);
    MappedFloats support = MappedFloats.create(file, stateCount, columns, 0);
    for (int row = 0; row < stateCount; row += SUPPORT_BLOCK_ROWS) {
      int rows = Math.min(SUPPORT_BLOCK_ROWS, stateCount - row);
      support.append(uniform(random, rows * columns), 0, rows);
    }
    support.commit();
    return support;
  }

  private static float[] uniform(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
