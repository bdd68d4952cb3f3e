package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusionPolicyTest {
  private static final int STATE_DIM = 5;
  private static final int ACTION_DIM = 3;

  static PolicyNetworks networks(Backend backend) {
    return new PolicyNetworks(backend, Bandit.config(Map.of()), STATE_DIM, ACTION_DIM);
  }

  static Tensor states(Backend backend, int rows) {
    return new Rng(backend, 2, "states").normal(DType.FLOAT32, Shape.of(rows, STATE_DIM));
  }

  /**
   * Conditions are computed for all times at once for few states and time by time for many: a state
   * gets the same action either way.
   */
  @Test
  void aStateAmongManyGetsTheActionsItGetsAmongFew() {
    Backend backend = Backends.choose("simd", 2).backend();
    DiffusionPolicy policy = networks(backend).policy();
    Tensor states = states(backend, 100);
    float[] all = policy.sample(states, 2, 1.5, new Rng(backend, 4, "noise")).toFloatArray();
    float[] first =
        policy.sample(states.rows(0, 1), 2, 1.5, new Rng(backend, 4, "noise")).toFloatArray();
    assertEquals(100 * 2 * ACTION_DIM, all.length);
    assertArrayEquals(Arrays.copyOf(all, first.length), first, 2e-5f);
  }

  /** Ranges of rows go through the whole solver on different threads. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void threadsDoNotChangeBits(int threads) {
    assertArrayEquals(sampledOn(1), sampledOn(threads));
  }

  private static float[] sampledOn(int threads) {
    Backend backend = Backends.choose("simd", threads).backend();
    DiffusionPolicy policy = networks(backend).policy();
    return policy.sample(states(backend, 301), 2, 1.5, new Rng(backend, 4, "noise")).toFloatArray();
  }

  @Test
  void samplesNothingForNoStates() {
    Backend backend = Backends.choose("simd", 1).backend();
    DiffusionPolicy policy = networks(backend).policy();
    Tensor none = states(backend, 1).rows(0, 0);
    Tensor actions = policy.sample(none, 2, 1, new Rng(backend, 4, "noise"));
    assertEquals(Shape.of(0, ACTION_DIM), actions.shape());
  }

  @Test
  void guidanceNeedsAnEnergy() {
    Backend backend = Backends.choose("scalar", 1).backend();
    QgpoConfig config = Bandit.config(Map.of());
    Rng rng = new Rng(backend, 1, "weights");
    DiffusionPolicy policy =
        new DiffusionPolicy(
            Qgpo.newScoreNet(config, STATE_DIM, ACTION_DIM, rng),
            null,
            Qgpo.noiseSchedule(config),
            Qgpo.solver(config, 2),
            ACTION_DIM);
    Tensor states = states(backend, 1);
    assertEquals(
        "sample: guidance scale 1.0 needs an energy network; train it, or use 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> policy.sample(states, 1, 1, new Rng(backend, 4, "noise")))
            .getMessage());
    assertEquals(Shape.of(1, ACTION_DIM), policy.sample(states, 1, 0, rng).shape());
  }
}
