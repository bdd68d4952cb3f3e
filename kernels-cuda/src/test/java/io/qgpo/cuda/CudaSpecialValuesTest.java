package io.qgpo.cuda;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.contract.SpecialValuesContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class CudaSpecialValuesTest extends SpecialValuesContract {
  private static CudaBackend backend;

  @BeforeAll
  static void open() {
    Emulator.install();
    backend = new CudaBackend();
  }

  @AfterAll
  static void close() {
    if (backend != null) {
      backend.close();
    }
  }

  @Override
  protected Backend backend() {
    return backend;
  }
}
