package io.qgpo.algorithm;

import io.qgpo.data.ActionBounds;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.Transitions;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The smallest task for QGPO: two modes of actions near +.7 and -.7, equally often, of which the
 * right one pays 1. Every transition ends, so Q is the reward.
 */
final class Bandit {
  static final int CANDIDATES = 8;
  private static final int TRANSITIONS = 300;

  private Bandit() {}

  static DeviceData data(Backend backend) {
    SplittableRandom random = new SplittableRandom(3);
    float[] states = new float[(TRANSITIONS + 1) * 2];
    float[] actions = new float[TRANSITIONS];
    float[] rewards = new float[TRANSITIONS];
    boolean[] terminals = new boolean[TRANSITIONS];
    int[] stateIndex = new int[TRANSITIONS];
    int[] nextIndex = new int[TRANSITIONS];
    for (int i = 0; i < TRANSITIONS; i++) {
      boolean right = random.nextBoolean();
      actions[i] = (float) ((right ? 0.7 : -0.7) + 0.05 * random.nextGaussian());
      rewards[i] = right ? 1 : 0;
      states[2 * i] = (float) random.nextGaussian();
      terminals[i] = true;
      stateIndex[i] = i;
      nextIndex[i] = i + 1;
    }
    Transitions transitions =
        Transitions.of("bandit", 2, 1, states, actions, rewards, terminals, stateIndex, nextIndex);
    return DeviceData.of(
        backend,
        transitions,
        ActionBounds.unit(1),
        new RewardScaling.Transform(RewardScaling.NONE, 1, 0));
  }

  /** Small networks and few steps. */
  static QgpoConfig config(Map<String, ?> changes) {
    Map<String, Object> values = new TreeMap<>();
    values.put("score.width", 32);
    values.put("score.fourierScale", 4);
    values.put("behaviour.steps", 1500);
    values.put("behaviour.batchSize", 64);
    values.put("behaviour.learningRate", 3e-3);
    values.put("behaviour.emaDecay", 0.99);
    values.put("support.candidates", CANDIDATES);
    values.put("support.batchRows", 512);
    values.put("critic.steps", 300);
    values.put("critic.batchSize", 32);
    values.put("critic.hidden", 32);
    values.put("critic.learningRate", 3e-3);
    values.put("critic.tau", 0.05);
    values.put("energy.steps", 500);
    values.put("energy.hidden", 32);
    values.put("energy.learningRate", 3e-3);
    values.putAll(changes);
    return Presets.config("demo").with(values);
  }

  /** Draws all support actions into a new file. */
  static MappedFloats support(Qgpo qgpo, DeviceData data, Path file) {
    MappedFloats support = MappedFloats.create(file, data.stateCount(), CANDIDATES, 1);
    qgpo.fillSupport(support, () -> false, (_, _) -> {});
    return support;
  }
}
