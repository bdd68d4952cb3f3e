package io.qgpo.algorithm;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.DeviceMemoryException;
import io.qgpo.tensor.MemoryCount;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.TensorSizeException;
import io.qgpo.tensor.io.MappedFloats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which batch of a stage fits a device that is too small for the one of the settings.
 *
 * <p>The stage is gone through with smaller batches on a backend that only counts ({@link
 * MemoryCount}): data, networks, optimisers, what earlier stages leave in their pools, and the
 * tensors of the stage's own step; {@link MemoryCount#usable} says what they may fill. A process
 * that was resumed has nothing of earlier stages, so that more may fit it than is said.
 */
enum FittingBatch {
  /** Updates of the behaviour model. */
  BEHAVIOUR("behaviour.batchSize") {
    @Override
    int configured(QgpoConfig config) {
      return config.behaviour().batchSize();
    }

    @Override
    void run(QgpoConfig config, DeviceData data) {
      new Qgpo(config, data).behaviourStep();
    }
  },

  /** Support actions. */
  SUPPORT("support.batchRows") {
    @Override
    int configured(QgpoConfig config) {
      return config.support().batchRows();
    }

    @Override
    void run(QgpoConfig config, DeviceData data) {
      BEHAVIOUR.run(config, data);
      int candidates = config.support().candidates();
      int count = Math.max(1, config.support().batchRows() / candidates);
      DiffusionPolicy policy =
          new PolicyNetworks(data.backend(), config, data.stateDim(), data.actionDim())
              .policy(config.support().evaluations());
      Rng rng = new Rng(data.backend(), 0, "support actions");
      try (Scope _ = Scope.open("support actions")) {
        Tensor states =
            Tensor.empty(data.backend(), DType.FLOAT32, Shape.of(count, data.stateDim()));
        policy.sample(states, candidates, 0, rng);
      }
    }
  },

  /** Updates of critic and energy. */
  GUIDANCE("critic.batchSize") {
    @Override
    int configured(QgpoConfig config) {
      return config.critic().batchSize();
    }

    /** The support actions, where the device has room to spare for them. */
    @Override
    long kept(QgpoConfig config, DeviceData data, long available) {
      long bytes =
          (long) Float.BYTES * data.stateCount() * config.support().candidates() * data.actionDim();
      return CandidateBatch.isKept(bytes, available) ? bytes : 0;
    }

    @Override
    void run(QgpoConfig config, DeviceData data) {
      SUPPORT.run(config, data);
      int columns = config.support().candidates() * data.actionDim();
      try {
        Path file = Files.createTempFile("support-", ".bin");
        try (MappedFloats support = MappedFloats.create(file, ROWS, columns, 0)) {
          support.append(new float[ROWS * columns], 0, ROWS);
          support.commit();
          Qgpo qgpo = new Qgpo(config, data);
          qgpo.useSupport(support);
          qgpo.guidanceStep();
        } finally {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("making room for support actions", e);
      }
    }
  };

  /** Of the data that the stages are gone through with: what the true ones take is known. */
  private static final int ROWS = 2;

  private final String setting;

  FittingBatch(String setting) {
    this.setting = setting;
  }

  /** The batch of these settings. */
  abstract int configured(QgpoConfig config);

  /** Makes all that the stage needs, and one step of it. */
  abstract void run(QgpoConfig config, DeviceData data);

  /** Bytes that the stage keeps beside data, networks and its step. */
  long kept(QgpoConfig config, DeviceData data, long available) {
    return 0;
  }

  /** The same error, with the batch that would fit. */
  DeviceMemoryException explain(DeviceMemoryException error, QgpoConfig config, DeviceData data) {
    int batch = configured(config);
    int fits = largest(error.available(), config, data);
    String advice =
        fits > 0
            ? "%s=%d does not fit, about %d would".formatted(setting, batch, fits)
            : "%s=%d does not fit, nor does any other beside %d bytes of data and the networks: use a device with more memory, fewer rows or --backend simd"
                .formatted(setting, batch, bytes(data));
    return error.with(advice);
  }

  /** The largest power of two that fits and is smaller than the batch of these settings; or 0. */
  private int largest(long available, QgpoConfig config, DeviceData data) {
    long usable = MemoryCount.usable(available) - kept(config, data, available);
    return MemoryCount.largestBelow(
        configured(config), batch -> fits(config.with(setting, batch), data, usable));
  }

  private boolean fits(QgpoConfig config, DeviceData data, long usable) {
    try {
      return needs(config, data) <= usable;
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof TensorSizeException) {
        return false;
      }
      throw e;
    }
  }

  /** Bytes that the stage needs. */
  long needs(QgpoConfig config, DeviceData data) {
    return bytes(data) + MemoryCount.of(backend -> run(config, few(backend, data)));
  }

  private static long bytes(DeviceData data) {
    return List.of(
            data.states(),
            data.actions(),
            data.rewards(),
            data.continues(),
            data.stateIndex(),
            data.nextIndex())
        .stream()
        .mapToLong(tensor -> (long) tensor.size() * tensor.dtype().bytes())
        .sum();
  }

  /** Data of the same widths. */
  private static DeviceData few(Backend backend, DeviceData like) {
    return new DeviceData(
        Tensor.empty(backend, DType.FLOAT32, Shape.of(ROWS, like.stateDim())),
        Tensor.empty(backend, DType.FLOAT32, Shape.of(ROWS, like.actionDim())),
        Tensor.empty(backend, DType.FLOAT32, Shape.of(ROWS, 1)),
        Tensor.empty(backend, DType.FLOAT32, Shape.of(ROWS, 1)),
        Tensor.empty(backend, DType.INT32, Shape.of(ROWS, 1)),
        Tensor.empty(backend, DType.INT32, Shape.of(ROWS, 1)));
  }
}
