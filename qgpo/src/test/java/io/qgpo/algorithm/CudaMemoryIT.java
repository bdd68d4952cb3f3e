package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.CudaBackend;
import io.qgpo.cuda.Emulator;
import io.qgpo.tensor.DeviceMemoryException;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A device that is too small for the batch: the error says which would fit, and it does. On the
 * emulator, which takes the kernels without running them.
 */
// Of a JVM there is one emulator, and classes of tests run two at a time.
@ResourceLock("emulator")
class CudaMemoryIT {
  private static final Pattern FITTING =
      Pattern.compile("(\\S+)=(\\d+) does not fit, about (\\d+)");

  @TempDir Path folder;
  private Emulator emulator;

  @BeforeEach
  void open() {
    emulator = Emulator.install();
    emulator.idle(true);
  }

  @AfterEach
  void close() {
    if (emulator != null) { // else g++ is missing
      emulator.idle(false);
    }
  }

  /** A stage of a training, in which a step does not fit. */
  private interface Stage {
    void run(QgpoConfig config, CudaBackend backend);
  }

  private void theBatchThatIsSaidToFitDoes(
      int mebibytes, QgpoConfig config, String setting, Stage stage) {
    emulator.memory(mebibytes);
    DeviceMemoryException full;
    try (CudaBackend backend = new CudaBackend()) {
      full = assertThrows(DeviceMemoryException.class, () -> stage.run(config, backend));
    }
    String message = full.getMessage();
    assertTrue(message.matches(".*asked for \\d+ bytes, free \\d+, held \\d+.*"), message);
    Matcher fitting = FITTING.matcher(message);
    assertTrue(fitting.find(), message);
    assertEquals(setting, fitting.group(1), message);
    int fits = Integer.parseInt(fitting.group(3));
    try (CudaBackend backend = new CudaBackend()) {
      stage.run(config.with(setting, fits), backend);
    }
    // Not so careful that most of the device would stay empty.
    try (CudaBackend backend = new CudaBackend()) {
      QgpoConfig larger = config.with(setting, 8 * fits);
      assertThrows(DeviceMemoryException.class, () -> stage.run(larger, backend), message);
    }
  }

  @Test
  void behaviour() {
    theBatchThatIsSaidToFitDoes(
        200,
        Presets.config("paper"),
        "behaviour.batchSize",
        (config, backend) -> new Qgpo(config, Bandit.data(backend)).behaviourStep());
  }

  @Test
  void supportActions() {
    theBatchThatIsSaidToFitDoes(
        140,
        Presets.config("paper").with(Map.of("behaviour.batchSize", 16, "support.batchRows", 65536)),
        "support.batchRows",
        (config, backend) -> {
          Qgpo qgpo = new Qgpo(config, Bandit.data(backend));
          qgpo.behaviourStep();
          int columns = config.support().candidates() * Bandit.data(backend).actionDim();
          try (MappedFloats support =
              MappedFloats.create(
                  folder.resolve("support" + System.nanoTime()),
                  Bandit.data(backend).stateCount(),
                  columns,
                  1)) {
            qgpo.fillSupport(support, () -> false, (_, _) -> {});
          }
        });
  }

  @Test
  void guidance() {
    theBatchThatIsSaidToFitDoes(
        300,
        Presets.config("paper").with(Map.of("behaviour.batchSize", 16, "critic.batchSize", 4096)),
        "critic.batchSize",
        (config, backend) -> {
          DeviceData data = Bandit.data(backend);
          Qgpo qgpo = new Qgpo(config, data);
          qgpo.behaviourStep();
          int columns = config.support().candidates() * data.actionDim();
          try (MappedFloats support =
              MappedFloats.create(
                  folder.resolve("support" + System.nanoTime()), data.stateCount(), columns, 1)) {
            support.append(new float[data.stateCount() * columns], 0, data.stateCount());
            support.commit();
            qgpo.useSupport(support);
            qgpo.guidanceStep();
          }
        });
  }

  /** The batch itself, which is made before the first step. */
  @Test
  void theBatchOfGuidance() {
    emulator.memory(130);
    QgpoConfig config = Presets.config("paper").with("critic.batchSize", 1_000_000);
    try (CudaBackend backend = new CudaBackend()) {
      DeviceData data = Bandit.data(backend);
      Qgpo qgpo = new Qgpo(config, data);
      int columns = config.support().candidates() * data.actionDim();
      try (MappedFloats support =
          MappedFloats.create(folder.resolve("support"), data.stateCount(), columns, 1)) {
        support.append(new float[data.stateCount() * columns], 0, data.stateCount());
        support.commit();
        DeviceMemoryException full =
            assertThrows(DeviceMemoryException.class, () -> qgpo.useSupport(support));
        assertTrue(full.getMessage().contains("critic.batchSize"), full.getMessage());
      }
    }
  }
}
