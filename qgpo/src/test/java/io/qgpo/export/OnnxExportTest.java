package io.qgpo.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.qgpo.TrainedRuns;
import io.qgpo.algorithm.EnergyNet;
import io.qgpo.algorithm.ScoreNet;
import io.qgpo.algorithm.TwinQ;
import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.run.RunWeights;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime computes from an exported graph what this project does. */
class OnnxExportTest {
  private static final int STATES = 1000;
  private static final float TOLERANCE = 1e-4f;
  private static final Backend BACKEND = Backends.choose("auto", 1).backend();
  private static final OrtEnvironment RUNTIME = OrtEnvironment.getEnvironment();

  @TempDir static Path folder;

  private static Path run(String name, String... settings) {
    Path run = folder.resolve(name);
    if (!Files.exists(run)) {
      TrainedRuns.train(run, settings);
    }
    return run;
  }

  @BeforeAll
  static void train() {
    run("paper");
    run("exact", "sampler.preset=exact", "data.stateScaling=standard", "energy.layers=1");
  }

  private static Map<String, float[]> compute(Path file, Map<String, Tensor> inputs)
      throws OrtException {
    Map<String, OnnxTensor> given = new HashMap<>();
    Map<String, float[]> computed = new HashMap<>();
    try (OrtSession session = RUNTIME.createSession(file.toString())) {
      for (var input : inputs.entrySet()) {
        Tensor tensor = input.getValue();
        long[] shape = {tensor.rows(), tensor.columns()};
        given.put(
            input.getKey(),
            OnnxTensor.createTensor(RUNTIME, FloatBuffer.wrap(tensor.toFloatArray()), shape));
      }
      try (OrtSession.Result result = session.run(given)) {
        for (var output : result) {
          computed.put(output.getKey(), ((OnnxTensor) output.getValue()).getFloatBuffer().array());
        }
      }
    }
    return computed;
  }

  /** Guidance 0 has no energy in its graph; 3 is far from what was trained for. */
  @ParameterizedTest
  @CsvSource({"paper, 0", "paper, 1", "paper, 3", "exact, 0", "exact, 1"})
  void theSamplerGivesThePolicysActions(String name, double scale) throws Exception {
    Path run = run(name);
    Path file = folder.resolve(name + scale + ".onnx");
    RunWeights weights = RunWeights.load(run, TrainedPolicy.LAST, System.err::println);
    OnnxExport.write(file, weights, OnnxExport.Part.SAMPLER, scale);

    TrainedPolicy policy = TrainedPolicy.load(run, BACKEND, System.err::println);
    Tensor states = states(weights.info().stateDim());
    float[] expected = policy.act(states.toFloatArray(), STATES, 1, scale, policy.rng(5));
    Tensor noise =
        policy.rng(5).normal(DType.FLOAT32, Shape.of(STATES, weights.info().actionDim()));
    float[] found = compute(file, Map.of("state", states, "noise", noise)).get("action");

    assertClose(expected, found, TOLERANCE);
    float[] high = weights.info().bounds().high();
    float[] low = weights.info().bounds().low();
    int inside = 0;
    for (int i = 0; i < expected.length; i++) {
      inside += expected[i] > low[i % 2] && expected[i] < high[i % 2] ? 1 : 0;
    }
    assertTrue(inside > expected.length / 4, inside + " of " + expected.length + " not clipped");
  }

  @Test
  void theNetworksGiveWhatOursGive() throws Exception {
    RunWeights weights = RunWeights.load(run("paper"), TrainedPolicy.LAST, System.err::println);
    Rng rng = new Rng(BACKEND, 3, "networks");
    int stateDim = weights.info().stateDim();
    int actionDim = weights.info().actionDim();
    Tensor states = states(stateDim);
    Tensor actions = rng.normal(DType.FLOAT32, Shape.of(STATES, actionDim));
    Tensor times = rng.uniform(DType.FLOAT32, Shape.of(STATES, 1), 0.001, 1);
    Map<String, Tensor> inputs = Map.of("action", actions, "time", times, "state", states);

    ScoreNet score =
        new ScoreNet(rng, DType.FLOAT32, stateDim, actionDim, new ScoreNet.Size(32, 8, 30));
    TrainedRuns.fill(score, weights, "score.");
    Path file = folder.resolve("score.onnx");
    OnnxExport.write(file, weights, OnnxExport.Part.SCORE, 1);
    float[] h;
    float[] energy;
    float[] q1;
    EnergyNet energyNet =
        new EnergyNet(rng, DType.FLOAT32, stateDim, actionDim, new EnergyNet.Size(16, 4, 8, 30));
    TrainedRuns.fill(energyNet, weights, "energy.");
    TwinQ critic = new TwinQ(rng, DType.FLOAT32, stateDim, actionDim, 16, 3);
    TrainedRuns.fill(critic, weights, "criticTarget.");
    Tensor actionStates =
        Tensor.empty(BACKEND, DType.FLOAT32, Shape.of(STATES, actionDim + stateDim));
    BACKEND.copy(actions, actionStates.columns(0, actionDim));
    BACKEND.copy(states, actionStates.columns(actionDim, actionDim + stateDim));
    try (GradMode _ = GradMode.off()) {
      Var a = Var.constant(actions);
      Var t = Var.constant(times);
      Var s = Var.constant(states);
      h = score.apply(a, t, s).value().toFloatArray();
      energy = energyNet.apply(a, t, s).value().toFloatArray();
      q1 = critic.q1(Var.constant(actionStates)).value().toFloatArray();
    }
    float[] noise = compute(file, inputs).get("noise");
    for (int i = 0; i < h.length; i++) {
      h[i] = -h[i];
    }
    assertClose(h, noise, TOLERANCE);

    OnnxExport.write(file, weights, OnnxExport.Part.ENERGY, 1);
    assertClose(energy, compute(file, inputs).get("energy"), TOLERANCE);
    Map<String, Tensor> atOnce =
        Map.of(
            "action", actions,
            "time", Tensor.full(BACKEND, DType.FLOAT32, Shape.of(STATES, 1), 0.3),
            "state", states);
    float[] gradient = energyNet.actionGradient(actions, 0.3, states).toFloatArray();
    assertClose(gradient, compute(file, atOnce).get("gradient"), TOLERANCE);

    OnnxExport.write(file, weights, OnnxExport.Part.CRITIC, 1);
    Map<String, float[]> q = compute(file, Map.of("action", actions, "state", states));
    assertClose(q1, q.get("q1"), TOLERANCE);
    for (int i = 0; i < STATES; i++) {
      assertEquals(Math.min(q.get("q1")[i], q.get("q2")[i]), q.get("q")[i]);
    }
  }

  private static Tensor states(int stateDim) {
    return new Rng(BACKEND, 7, "states").normal(DType.FLOAT32, Shape.of(STATES, stateDim));
  }

  private static void assertClose(float[] expected, float[] found, float tolerance) {
    assertEquals(expected.length, found.length);
    float worst = 0;
    for (int i = 0; i < expected.length; i++) {
      float scale = Math.max(1, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs(expected[i] - found[i]) / scale);
    }
    assertTrue(worst <= tolerance, "largest difference: " + worst);
  }
}
