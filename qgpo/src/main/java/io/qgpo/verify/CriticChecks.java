package io.qgpo.verify;

import io.qgpo.algorithm.DeviceData;
import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.Qgpo;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.data.ActionBounds;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.Transitions;
import io.qgpo.exact.SoftmaxMdp;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.MappedFloats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** In-support softmax Q-learning by the trainer that QGPO uses, against the solved process. */
final class CriticChecks implements CheckGroup {
  private static final int STEPS = 2000;

  /** Values of the one-dimensional action: left, stay, right. */
  private static final float[] ACTIONS = {-0.8f, 0, 0.8f};

  private static final String[] ACTION_NAMES = {"left", "stay", "right"};

  private static final double DISCOUNT = 0.9;
  private static final double BETA_Q = 2;

  /** Of Q's, which lie between 0 and 1.5. */
  private static final double ALLOWED = 0.02;

  /**
   * A corridor of four places, of which the last pays 1 for leaving to the right, and the first .2
   * for staying. The behaviour goes right seldom, and from the second place never, though there
   * that would pay most.
   */
  static final SoftmaxMdp CORRIDOR =
      new SoftmaxMdp(
          new int[][] {{0, 0, 1}, {0, 1, 3}, {1, 2, 3}, {2, 3, SoftmaxMdp.END}},
          new double[][] {{0, 0.2, 0}, {0, 0.1, 1.5}, {0, 0, 0.3}, {0, 0, 1}},
          new int[][] {{0, 1, 1, 2}, {0, 0, 1, 1}, {0, 1, 2, 2}, {0, 0, 1, 2}},
          DISCOUNT,
          BETA_Q);

  private final Supplier<double[][]> learnt;

  /** A critic that learns on a backend. */
  CriticChecks(Backend backend) {
    learnt = Lazy.of(() -> learn(backend));
  }

  @Override
  public String name() {
    return "critic";
  }

  @Override
  public String title() {
    return "In-support softmax Q";
  }

  @Override
  public String about() {
    return """
    A corridor of four places and three actions, solved exactly: the fixed point of
    $Q(s, a) = r + \\gamma \\sum_i w_i Q(s', {a'}_i)$ over the support actions of $s'$, with the
    weights $w_i \\propto e^{\\beta_Q Q(s', {a'}_i)}$, $\\gamma$ .9 and $\\beta_Q$ 2. The critic
    learns it from transitions, with networks, target twins and all. What would pay most in
    place 2 is not in the support, so that no other place may hope for it.\
    """;
  }

  @Override
  public List<Check> checks() {
    double[][] exact = CORRIDOR.solve();
    List<Check> checks = new ArrayList<>();
    for (int s = 0; s < CORRIDOR.states(); s++) {
      for (int action : actions(s)) {
        int state = s;
        checks.add(
            Check.equal(
                "Q in place %d, %s".formatted(s + 1, ACTION_NAMES[action]),
                "fixed point, solved by sweeps",
                Math.round(exact[s][action] * 1e5) / 1e5,
                ALLOWED,
                () -> learnt.get()[state][action]));
      }
    }
    return checks;
  }

  /** The actions of a state's support, each once. */
  private static int[] actions(int state) {
    return Arrays.stream(CORRIDOR.support(state)).distinct().toArray();
  }

  private static double[][] learn(Backend backend) {
    try {
      Path folder = Files.createTempDirectory("qgpo-verify");
      Path file = folder.resolve("support");
      try {
        return learn(backend, file);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[][] learn(Backend backend, Path file) {
    int states = CORRIDOR.states();
    int candidates = CORRIDOR.support(0).length;
    Qgpo qgpo = new Qgpo(config(candidates), data(backend));
    try (MappedFloats support = MappedFloats.create(file, states, candidates, 0)) {
      for (int s = 0; s < states; s++) {
        support.append(actionValues(CORRIDOR.support(s)), 0, 1);
      }
      support.commit();
      qgpo.useSupport(support);
      for (int i = 0; i < STEPS; i++) {
        qgpo.guidanceStep();
      }
    }
    double[][] q = new double[states][ACTIONS.length];
    try (Scope _ = Scope.open("learnt Q")) {
      for (int s = 0; s < states; s++) {
        for (int a = 0; a < ACTIONS.length; a++) {
          float[] row = new float[1 + states];
          row[0] = ACTIONS[a];
          row[1 + s] = 1;
          Tensor input = Tensor.of(backend, Shape.of(1, row.length), row);
          q[s][a] = qgpo.critic().min(input).item();
        }
      }
    }
    return q;
  }

  private static float[] actionValues(int[] actions) {
    float[] values = new float[actions.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = ACTIONS[actions[i]];
    }
    return values;
  }

  /** Every support action of every place once, places as unit vectors. */
  private static DeviceData data(Backend backend) {
    int n = CORRIDOR.states();
    List<int[]> rows = new ArrayList<>();
    for (int s = 0; s < n; s++) {
      for (int a : actions(s)) {
        rows.add(new int[] {s, a});
      }
    }
    float[] states = new float[n * n];
    for (int s = 0; s < n; s++) {
      states[s * n + s] = 1;
    }
    float[] actions = new float[rows.size()];
    float[] rewards = new float[rows.size()];
    boolean[] terminals = new boolean[rows.size()];
    int[] stateIndex = new int[rows.size()];
    int[] nextIndex = new int[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      int s = rows.get(i)[0];
      int a = rows.get(i)[1];
      int next = CORRIDOR.next(s, a);
      actions[i] = ACTIONS[a];
      rewards[i] = (float) CORRIDOR.reward(s, a);
      terminals[i] = next == SoftmaxMdp.END;
      stateIndex[i] = s;
      nextIndex[i] = terminals[i] ? s : next;
    }
    Transitions transitions =
        Transitions.of(
            "corridor", n, 1, states, actions, rewards, terminals, stateIndex, nextIndex);
    return DeviceData.of(
        backend,
        transitions,
        ActionBounds.unit(1),
        new RewardScaling.Transform(RewardScaling.NONE, 1, 0));
  }

  private static QgpoConfig config(int candidates) {
    Map<String, Object> changes = new TreeMap<>();
    changes.put("support.candidates", candidates);
    changes.put("critic.steps", STEPS);
    changes.put("critic.batchSize", 64);
    changes.put("critic.hidden", 64);
    changes.put("critic.learningRate", 2e-3);
    changes.put("critic.tau", 0.05);
    changes.put("critic.discount", DISCOUNT);
    changes.put("critic.betaQ", BETA_Q);
    // Only the critic is looked at.
    changes.put("energy.steps", 1);
    changes.put("energy.hidden", 8);
    changes.put("score.width", 8);
    return Presets.config("demo").with(changes);
  }
}
