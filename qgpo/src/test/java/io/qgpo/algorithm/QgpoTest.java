package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QgpoTest {
  private static final int ACTIONS = 1000;

  @TempDir Path folder;

  private static Backend backend(int threads) {
    return Backends.choose("auto", threads).backend();
  }

  /** The fraction of sampled actions that go right, in one state. */
  private static double rightShare(Qgpo qgpo, Backend backend, double guidance) {
    Rng rng = new Rng(backend, 9, "test");
    DiffusionPolicy policy = qgpo.policy();
    try (Scope _ = Scope.open("test")) {
      Tensor state = Tensor.zeros(backend, DType.FLOAT32, Shape.of(1, 2));
      float[] actions = policy.sample(state, ACTIONS, guidance, rng).toFloatArray();
      int right = 0;
      for (float action : actions) {
        right += action > 0 ? 1 : 0;
      }
      return (double) right / ACTIONS;
    }
  }

  /**
   * The whole way. The behaviour goes right half of the time; the exact target at beta = 3 goes
   * right with e^3 / (e^3 + 1) = .953 of it.
   */
  @Test
  void learnsTheTargetPolicyOfTheBandit() {
    Backend backend = backend(2);
    DeviceData data = Bandit.data(backend);
    QgpoConfig config = Bandit.config(Map.of("energy.beta", 3));
    Qgpo qgpo = new Qgpo(config, data);
    for (int i = 0; i < config.behaviour().steps(); i++) {
      qgpo.behaviourStep();
    }
    // The first 100 steps' loss is above 1: noise of unit variance, unexplained.
    assertTrue(qgpo.takeBehaviourLoss() < 0.7);
    try (MappedFloats support = Bandit.support(qgpo, data, folder.resolve("support"))) {
      qgpo.useSupport(support);
      for (int i = 0; i < qgpo.guidanceSteps(); i++) {
        qgpo.guidanceStep();
      }
    }
    assertEquals(1, q(qgpo, backend, 0.7f), 0.15);
    assertEquals(0, q(qgpo, backend, -0.7f), 0.15);
    assertEquals(0.5, rightShare(qgpo, backend, 0), 0.12);
    assertEquals(0.953, rightShare(qgpo, backend, 1), 0.05);
  }

  private static double q(Qgpo qgpo, Backend backend, float action) {
    Tensor input = Tensor.of(backend, Shape.of(1, 3), action, 0, 0);
    return qgpo.critic().min(input).item();
  }

  /** Few steps of all stages; the bits of every tensor of the state. */
  private Map<String, String> shortRun(Backend backend, QgpoConfig config, String file) {
    DeviceData data = Bandit.data(backend);
    Qgpo qgpo = new Qgpo(config, data);
    for (int i = 0; i < 5; i++) {
      qgpo.behaviourStep();
    }
    try (MappedFloats support = Bandit.support(qgpo, data, folder.resolve(file))) {
      qgpo.useSupport(support);
      for (int i = 0; i < 5; i++) {
        qgpo.guidanceStep();
      }
    }
    return bits(qgpo);
  }

  private static Map<String, String> bits(Qgpo qgpo) {
    Map<String, String> bits = new LinkedHashMap<>();
    qgpo.state()
        .forEach(
            (name, tensor) ->
                bits.put(
                    name,
                    tensor.dtype() == DType.INT32
                        ? Arrays.toString(tensor.toIntArray())
                        : Arrays.toString(tensor.toFloatArray())));
    return bits;
  }

  private static QgpoConfig shortConfig(Map<String, ?> changes) {
    Map<String, Object> all = new LinkedHashMap<>(changes);
    all.put("critic.steps", 4);
    all.put("energy.steps", 5);
    return Bandit.config(all);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7})
  void sameBitsForAnyThreadCount(int threads) {
    QgpoConfig config = shortConfig(Map.of("behaviour.clipNorm", 1, "behaviour.weightDecay", 0.01));
    Map<String, String> two = shortRun(backend(2), config, "two");
    assertEquals(two, shortRun(backend(threads), config, "other"));
  }

  /** At the paper's width a layer is many chunks of work, which the bandit's are not. */
  @Test
  void sameBitsForAnyThreadCountAtThePapersWidth() {
    QgpoConfig paper = Presets.config("paper").with("behaviour.batchSize", 512);
    Map<String, Tensor> one = twoBehaviourSteps(paper, 1);
    for (int threads : new int[] {2, 3, 7}) {
      twoBehaviourSteps(paper, threads)
          .forEach(
              (name, tensor) ->
                  assertTrue(
                      Arrays.equals(one.get(name).toFloatArray(), tensor.toFloatArray()),
                      name + " at " + threads + " threads"));
    }
  }

  /** Weights and moments of the behaviour network, which has learnt something. */
  private static Map<String, Tensor> twoBehaviourSteps(QgpoConfig config, int threads) {
    Qgpo qgpo = new Qgpo(config, Bandit.data(backend(threads)));
    qgpo.behaviourStep();
    double first = qgpo.takeBehaviourLoss();
    qgpo.behaviourStep();
    assertNotEquals(first, qgpo.takeBehaviourLoss());
    Map<String, Tensor> state = new LinkedHashMap<>(qgpo.state());
    state.keySet().removeIf(name -> !name.contains("score."));
    return state;
  }

  @Test
  void anotherSeedGivesOtherBits() {
    QgpoConfig config = shortConfig(Map.of());
    Map<String, String> first = shortRun(backend(2), config, "first");
    Map<String, String> second = shortRun(backend(2), config.with("seed", 1), "second");
    for (String name : first.keySet()) {
      assertNotEquals(first.get(name), second.get(name), name);
    }
  }

  /** Stopped after some steps of each kind, saved, restored into a new training: the same bits. */
  @Test
  void resumedEqualsNeverStopped() {
    Backend backend = backend(2);
    QgpoConfig config = shortConfig(Map.of("behaviour.learningRateSchedule", "cosine"));
    Map<String, String> whole = shortRun(backend, config, "whole");
    DeviceData data = Bandit.data(backend);
    Qgpo qgpo = new Qgpo(config, data);
    for (int i = 0; i < 5; i++) {
      qgpo = i == 2 ? reborn(qgpo, config, data) : qgpo;
      qgpo.behaviourStep();
    }
    try (MappedFloats support = Bandit.support(qgpo, data, folder.resolve("support"))) {
      for (int i = 0; i < 5; i++) {
        qgpo = i == 3 ? reborn(qgpo, config, data) : qgpo;
        qgpo.useSupport(support);
        qgpo.guidanceStep();
      }
    }
    assertEquals(whole, bits(qgpo));
  }

  private static Qgpo reborn(Qgpo old, QgpoConfig config, DeviceData data) {
    Qgpo qgpo = new Qgpo(config, data);
    Map<String, Tensor> source = old.state();
    qgpo.state().forEach((name, tensor) -> tensor.backend().copy(source.get(name), tensor));
    qgpo.restoreCounters(old.behaviourDone(), old.guidanceDone());
    return qgpo;
  }

  /** Support actions that were stopped between blocks and gone on with have the same bits. */
  @Test
  void supportActionsResume() {
    Backend backend = backend(2);
    DeviceData data = Bandit.data(backend);
    Qgpo qgpo = new Qgpo(Bandit.config(Map.of()), data);
    float[] whole = new float[data.stateCount() * Bandit.CANDIDATES];
    float[] resumed = whole.clone();
    try (MappedFloats file = Bandit.support(qgpo, data, folder.resolve("whole"))) {
      file.read(0, data.stateCount(), whole, 0);
    }
    Path path = folder.resolve("resumed");
    int[] blocks = {0};
    try (MappedFloats file = MappedFloats.create(path, data.stateCount(), Bandit.CANDIDATES, 1)) {
      qgpo.fillSupport(file, () -> blocks[0] == 2, (_, _) -> blocks[0]++);
      assertFalse(file.isComplete());
    }
    try (MappedFloats file = MappedFloats.open(path, data.stateCount(), Bandit.CANDIDATES, 1)) {
      qgpo.fillSupport(file, () -> false, (_, _) -> {});
      file.read(0, data.stateCount(), resumed, 0);
    }
    assertEquals(Arrays.toString(whole), Arrays.toString(resumed));
  }

  /** Each loss falls on the labels of a critic that stays as it was initialised. */
  @ParameterizedTest
  @EnumSource(QgpoConfig.EnergyLoss.class)
  void everyEnergyLossFalls(QgpoConfig.EnergyLoss loss) {
    Backend backend = backend(2);
    DeviceData data = Bandit.data(backend);
    QgpoConfig config =
        Bandit.config(
            Map.of("energy.loss", loss, "energy.beta", 30, "critic.steps", 1, "critic.tau", 1));
    Qgpo qgpo = new Qgpo(config, data);
    try (MappedFloats support = Bandit.support(qgpo, data, folder.resolve("support"))) {
      qgpo.useSupport(support);
      double early = meanOf(qgpo, 30).energyLoss();
      meanOf(qgpo, 440);
      Qgpo.GuidanceLosses late = meanOf(qgpo, 30);
      assertTrue(late.energyLoss() < 0.8 * early, early + " then " + late.energyLoss());
      assertTrue(Double.isNaN(late.criticLoss()), "Q was frozen");
    }
  }

  private static Qgpo.GuidanceLosses meanOf(Qgpo qgpo, int steps) {
    for (int i = 0; i < steps; i++) {
      qgpo.guidanceStep();
    }
    return qgpo.takeGuidanceLosses();
  }

  @Test
  void guidanceNeedsSupportActions() {
    Backend backend = backend(2);
    Qgpo qgpo = new Qgpo(Bandit.config(Map.of()), Bandit.data(backend));
    assertEquals(
        "guidanceStep: needs support actions; call useSupport first",
        assertThrows(IllegalStateException.class, qgpo::guidanceStep).getMessage());
  }
}
