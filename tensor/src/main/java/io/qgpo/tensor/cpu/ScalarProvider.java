package io.qgpo.tensor.cpu;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BackendProvider;

/** Announces {@link ScalarBackend}, which runs everywhere. */
public final class ScalarProvider implements BackendProvider {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public String unavailableReason() {
    return null;
  }

  @Override
  public Backend create(int threads) {
    return new ScalarBackend();
  }
}
