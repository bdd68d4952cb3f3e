package io.qgpo.run;

import io.qgpo.algorithm.PolicyNetworks;
import io.qgpo.tensor.DeviceMemoryException;
import io.qgpo.tensor.MemoryCount;

/**
 * What drawing actions needs of a device, and for how many states at once it would have enough.
 *
 * @param info of the run whose policy draws
 * @param isAlone whether the device has nothing of this process but the policy: beside a training
 *     one cannot tell what would fit
 * @param perState actions for each state
 */
record DrawingMemory(RunInfo info, boolean isAlone, int perState, double guidanceScale) {
  /** The same error, with what the states at once need, and how many of them would fit. */
  DeviceMemoryException explain(DeviceMemoryException error, int states) {
    return error.with(
        "%d actions for each of %d states at once, with the networks, need about %d bytes%s: ask for fewer (for returns lower evaluation.episodes), end other programs on the device, or use --backend simd"
            .formatted(perState, states, bytes(states), isAlone ? whatFits(error, states) : ""));
  }

  private String whatFits(DeviceMemoryException error, int states) {
    int fit = MemoryCount.largestBelow(states, fewer -> fits(fewer, error));
    if (fit > 0) {
      return ", those for about %d would fit".formatted(fit);
    }
    return fits(1, error) ? "" : ", those for one state do not fit";
  }

  private boolean fits(int states, DeviceMemoryException error) {
    return bytes(states) <= MemoryCount.usable(error.available());
  }

  private long bytes(int states) {
    return PolicyNetworks.bytesToSample(
        info.settings(), info.stateDim(), info.actionDim(), states, perState, guidanceScale);
  }
}
