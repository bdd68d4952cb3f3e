package io.qgpo.api;

import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Rng;
import java.nio.file.Path;

/**
 * A trained policy: draws actions for states, in the units of the data it learnt from and within
 * their bounds. The same seed and the same calls give the same actions, bit by bit. Thread-safe:
 * calls wait for each other, so many states are best passed in one call. Threads that share a
 * policy take turns at its noise; a seed of a call's own makes what the call gives independent of
 * others.
 */
public final class Policy {
  private final TrainedPolicy policy;
  private Rng noise;

  private Policy(TrainedPolicy policy) {
    this.policy = policy;
    seed(0);
  }

  /**
   * Loads the policy of a run folder, as it was at the last checkpoint.
   *
   * @throws io.qgpo.run.RunException if the folder holds no run, or one without a checkpoint
   */
  public static Policy load(Path folder) {
    return new Policy(TrainedPolicy.load(folder, Qgpo.backend(), System.err::println));
  }

  /** Starts the noise of the next calls anew; a loaded policy has seed 0. */
  public synchronized void seed(long seed) {
    noise = policy.rng(seed);
  }

  /** Numbers in a state. */
  public int stateSize() {
    return policy.info().stateDim();
  }

  /** Numbers in an action. */
  public int actionSize() {
    return policy.info().actionDim();
  }

  /**
   * Draws an action of the exact target policy, guidance scale 1.
   *
   * @param state [{@link #stateSize}]
   * @return [{@link #actionSize}]
   * @throws IllegalArgumentException for a wrong length, NaN or Inf
   */
  public float[] act(float[] state) {
    return act(state, 1, 1);
  }

  /**
   * Draws an action for each state.
   *
   * @param states [count * {@link #stateSize}], row by row
   * @param guidanceScale 1 for the exact target policy, 0 for the behaviour of the data; larger
   *     ones follow the critic further
   * @return [count * {@link #actionSize}], row by row
   * @throws IllegalArgumentException for a wrong length, NaN or Inf, or a scale that is not from 0
   *     to 1000
   * @throws io.qgpo.run.RunException if a state is so far from the data's that no action is finite
   */
  public float[] act(float[] states, int count, double guidanceScale) {
    requireSound(states, count, guidanceScale);
    synchronized (this) {
      return policy.act(states, count, 1, guidanceScale, noise);
    }
  }

  /**
   * Draws an action for each state with noise of this call's own: the same arguments give the same
   * actions, whatever was drawn before.
   *
   * @param states [count * {@link #stateSize}], row by row
   * @param guidanceScale as for {@link #act(float[], int, double)}
   * @param seed of the noise
   * @return [count * {@link #actionSize}], row by row
   * @throws IllegalArgumentException for a wrong length, NaN or Inf, or a scale that is not from 0
   *     to 1000
   * @throws io.qgpo.run.RunException if a state is so far from the data's that no action is finite
   */
  public float[] act(float[] states, int count, double guidanceScale, long seed) {
    requireSound(states, count, guidanceScale);
    synchronized (this) {
      return policy.act(states, count, 1, guidanceScale, policy.rng(seed));
    }
  }

  private void requireSound(float[] states, int count, double guidanceScale) {
    if (count < 1 || states.length != (long) count * stateSize()) {
      throw new IllegalArgumentException(
          "act: expected %d states of %d numbers, found %d numbers"
              .formatted(count, stateSize(), states.length));
    }
    for (int i = 0; i < states.length; i++) {
      if (!Float.isFinite(states[i])) {
        throw new IllegalArgumentException(
            "act: expected finite numbers, found %s in state %d"
                .formatted(states[i], i / stateSize()));
      }
    }
    if (!TrainedPolicy.isGuidanceScale(guidanceScale)) {
      throw new IllegalArgumentException(
          "act: expected a guidance scale from 0 to 1000, found " + guidanceScale);
    }
  }
}
