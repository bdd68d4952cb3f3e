package io.qgpo.tensor.simd;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BackendProvider;

/**
 * Announces {@link SimdBackend}. Mentions no class of the incubator module itself, so that it loads
 * where the module is missing, and can say so.
 */
public final class SimdProvider implements BackendProvider {
  private static final String MODULE = "jdk.incubator.vector";

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public int priority() {
    return 10;
  }

  @Override
  public String unavailableReason() {
    return unavailableReason(ModuleLayer.boot().findModule(MODULE).isPresent());
  }

  static String unavailableReason(boolean hasModule) {
    return hasModule
        ? null
        : "the JVM was started without the Vector API; add --add-modules " + MODULE;
  }

  @Override
  public Backend create(int threads) {
    return new SimdBackend(threads);
  }
}
