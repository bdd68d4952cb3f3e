package io.qgpo.algorithm;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sampling as a step that the device records: all evaluations of both networks and the solver
 * between them become one graph. A recording reads and writes where it did the first time, so each
 * shape of call has states, noise and actions of its own, of the last few shapes.
 */
final class RecordedSampling {
  /** From noise to actions, of shapes that stay the same. */
  @FunctionalInterface
  interface Body {
    /** Writes the actions that the noise becomes. */
    void run(Tensor states, Tensor noise, double guidanceScale, Tensor actions);
  }

  /** Enough for a server's batches; each holds the memory of its graph. */
  static final int MOST = 16;

  private record Key(Shape states, Shape actions, double guidanceScale) {}

  /** What a recording reads and writes. */
  private record Call(String step, Tensor states, Tensor noise, Tensor actions, Runnable body) {}

  private final Body body;

  /** The one that was used longest ago is the first. */
  private final Map<Key, Call> calls = new LinkedHashMap<>(MOST, 0.75f, true);

  RecordedSampling(Body body) {
    this.body = body;
  }

  /** Runs the body, or its recording, on tensors that may lie anywhere. */
  synchronized void sample(Tensor states, Tensor noise, double guidanceScale, Tensor actions) {
    Call call = call(new Key(states.shape(), noise.shape(), guidanceScale), states.backend());
    Backend backend = states.backend();
    backend.copy(states, call.states);
    backend.copy(noise, call.noise);
    backend.step(call.step, call.body);
    backend.copy(call.actions, actions);
  }

  private Call call(Key key, Backend backend) {
    Call call = calls.get(key);
    if (call == null) {
      call = make(key, backend);
      calls.put(key, call);
    }
    return call;
  }

  /** In the place of the oldest where there are as many as may be. */
  private Call make(Key key, Backend backend) {
    String step = "sample " + calls.size();
    if (calls.size() == MOST) {
      Key oldest = calls.keySet().iterator().next();
      step = calls.remove(oldest).step;
    }
    Tensor states = Tensor.lasting(backend, DType.FLOAT32, key.states);
    Tensor noise = Tensor.lasting(backend, DType.FLOAT32, key.actions);
    Tensor actions = Tensor.lasting(backend, DType.FLOAT32, key.actions);
    return new Call(
        step, states, noise, actions, () -> body.run(states, noise, key.guidanceScale, actions));
  }
}
