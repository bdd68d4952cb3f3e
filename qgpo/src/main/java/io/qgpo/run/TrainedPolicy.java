package io.qgpo.run;

import io.qgpo.algorithm.DiffusionPolicy;
import io.qgpo.algorithm.PolicyNetworks;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DeviceMemoryException;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** The policy of a run folder, ready to act: states in, actions in the units of the data out. */
public final class TrainedPolicy {
  /** The newest weights of a run. */
  public static final String LAST = "last";

  /** Actions drawn at once: enough to keep the processors busy, and some 100 MB at most. */
  private static final int ACTIONS_AT_ONCE = 4096;

  /** The weights that earned most in the environment during training. */
  public static final String BEST = "best";

  /** Far beyond any use: larger ones are typing errors. */
  private static final double LARGEST_GUIDANCE = 1000;

  private final RunInfo info;
  private final String checkpoint;
  private final long step;
  private final DiffusionPolicy policy;
  private final Backend backend;
  private final boolean isAlone;

  /**
   * A policy of networks in memory, beside a training.
   *
   * @param checkpoint which weights, {@link #LAST} or {@link #BEST}
   * @param step steps taken over all stages
   */
  TrainedPolicy(
      RunInfo info, String checkpoint, long step, DiffusionPolicy policy, Backend backend) {
    this(info, checkpoint, step, policy, backend, false);
  }

  private TrainedPolicy(
      RunInfo info,
      String checkpoint,
      long step,
      DiffusionPolicy policy,
      Backend backend,
      boolean isAlone) {
    this.info = info;
    this.checkpoint = checkpoint;
    this.step = step;
    this.policy = policy;
    this.backend = backend;
    this.isAlone = isAlone;
  }

  /**
   * Loads the last whole checkpoint of a run.
   *
   * @param messages takes a sentence for each damaged checkpoint that is passed over
   * @throws RunException if the folder holds no run, or the run has no checkpoint yet
   */
  public static TrainedPolicy load(Path folder, Backend backend, Consumer<String> messages) {
    return load(folder, LAST, backend, messages);
  }

  /**
   * Loads a checkpoint of a run.
   *
   * @param which {@link #LAST} or {@link #BEST}
   * @param messages takes a sentence for each damaged checkpoint that is passed over
   * @throws RunException if the folder holds no run, or the run has no such checkpoint
   */
  public static TrainedPolicy load(
      Path folder, String which, Backend backend, Consumer<String> messages) {
    RunWeights weights = RunWeights.load(folder, which, messages);
    RunInfo info = weights.info();
    PolicyNetworks networks =
        new PolicyNetworks(backend, info.settings(), info.stateDim(), info.actionDim());
    TensorArrays.restore(networks.state(), weights.arrays(), "step " + weights.step());
    return new TrainedPolicy(info, which, weights.step(), networks.policy(), backend, true);
  }

  /** Whether a guidance scale is one that is asked for in earnest: from 0 to 1000. */
  public static boolean isGuidanceScale(double scale) {
    return scale >= 0 && scale <= LARGEST_GUIDANCE;
  }

  /** What the run is. */
  public RunInfo info() {
    return info;
  }

  /** The device it computes on. */
  Backend backend() {
    return backend;
  }

  /** Which weights these are, {@link #LAST} or {@link #BEST}. */
  public String checkpoint() {
    return checkpoint;
  }

  /** Steps taken over all stages when the checkpoint was made. */
  public long step() {
    return step;
  }

  /** A stream of noise for {@link #act}. */
  public Rng rng(long seed) {
    return new Rng(backend, seed, "policy");
  }

  /**
   * Draws actions, limited to the bounds of the data's actions; many states in blocks, so that
   * memory does not grow with their number.
   *
   * @param states [at least count * stateDim], row by row
   * @param count states
   * @param perState actions for each
   * @param guidanceScale 1 for the exact target policy, 0 for the behaviour
   * @param rng where the noise comes from
   * @return [count * perState * actionDim], row by row, finite
   * @throws RunException if an action is not finite: a state is beyond what networks can take
   * @throws DeviceMemoryException if they do not fit, with the bytes that they need, and for how
   *     many states they would fit
   */
  public float[] act(float[] states, int count, int perState, double guidanceScale, Rng rng) {
    float[] actions = actUnchecked(states, count, perState, guidanceScale, rng);
    for (int i = 0; i < actions.length; i++) {
      if (!Float.isFinite(actions[i])) {
        int state = i / (perState * info.actionDim());
        int from = state * info.stateDim();
        throw new RunException(
            "The policy has no action for the state %s: what it computes there is not finite; the data it learnt from have no such states."
                .formatted(
                    Arrays.toString(Arrays.copyOfRange(states, from, from + info.stateDim()))));
      }
    }
    return actions;
  }

  /**
   * The same, with NaN for what is not finite: among states of several callers, one must not be the
   * end of the others.
   */
  public float[] actUnchecked(
      float[] states, int count, int perState, double guidanceScale, Rng rng) {
    int width = Math.multiplyExact(perState, info.actionDim());
    float[] actions = new float[Math.multiplyExact(count, width)];
    int block = Math.max(1, ACTIONS_AT_ONCE / perState);
    for (int from = 0; from < count; from += block) {
      int rows = Math.min(block, count - from);
      float[] drawn = draw(states, from, rows, perState, guidanceScale, rng);
      System.arraycopy(drawn, 0, actions, from * width, drawn.length);
    }
    info.bounds().fromUnit(actions, 0, count * perState, info.actionDim());
    for (int i = 0; i < actions.length; i++) {
      // Infinity is as little of an action as NaN, and must not be clipped into one.
      actions[i] = Float.isFinite(actions[i]) ? actions[i] : Float.NaN;
    }
    info.bounds().clip(actions, 0, count * perState, info.actionDim());
    return actions;
  }

  private float[] draw(
      float[] states, int from, int rows, int perState, double guidanceScale, Rng rng) {
    int stateDim = info.stateDim();
    float[] block = Arrays.copyOfRange(states, from * stateDim, (from + rows) * stateDim);
    info.states().apply(block, rows);
    try (Scope _ = Scope.open("policy")) {
      Tensor batch = Tensor.of(backend, Shape.of(rows, stateDim), block);
      return policy.sample(batch, perState, guidanceScale, rng).toFloatArray();
    } catch (DeviceMemoryException e) {
      throw new DrawingMemory(info, isAlone, perState, guidanceScale).explain(e, rows);
    }
  }
}
