package io.qgpo.cuda;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BackendProvider;

/** Announces {@link CudaBackend}, which {@code auto} takes wherever there is a GPU. */
public final class CudaProvider implements BackendProvider {
  @Override
  public String name() {
    return CudaBackend.NAME;
  }

  @Override
  public int priority() {
    return 20;
  }

  @Override
  public String unavailableReason() {
    return CudaDriver.unavailableReason();
  }

  @Override
  public boolean isExpected() {
    return NativeLibraries.hasDriver();
  }

  @Override
  public Backend create(int threads) {
    return new CudaBackend();
  }
}
