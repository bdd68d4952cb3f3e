package io.qgpo.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Finds a backend by name. Names none itself. */
public final class Backends {
  /** A backend and the sentence that says why it was chosen. */
  public record Choice(Backend backend, String reason) {}

  private Backends() {}

  /** All backends on the class path, best first. */
  public static List<BackendProvider> providers() {
    List<BackendProvider> providers = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())
        .forEach(providers::add);
    providers.sort(Comparator.comparingInt(BackendProvider::priority).reversed());
    return providers;
  }

  /**
   * Chooses a backend.
   *
   * @param name one of the providers' names, or {@code auto} for the best that runs here
   * @param threads CPU threads to use
   * @throws IllegalArgumentException if there is none of that name, or it cannot run here
   */
  public static Choice choose(String name, int threads) {
    return choose(name, threads, providers());
  }

  static Choice choose(String name, int threads, List<BackendProvider> providers) {
    StringBuilder names = new StringBuilder("auto");
    StringBuilder skipped = new StringBuilder();
    for (BackendProvider provider : providers) {
      names.append(", ").append(provider.name());
      String reason = provider.unavailableReason();
      if (name.equals(provider.name()) && reason != null) {
        throw new IllegalArgumentException("backend " + name + " cannot run here: " + reason);
      }
      if (name.equals(provider.name())) {
        return new Choice(provider.create(threads), "as asked");
      }
      if (name.equals("auto") && reason == null) {
        String why = skipped.isEmpty() ? "the best available" : "because " + skipped;
        return new Choice(provider.create(threads), why);
      }
      if (reason != null && provider.isExpected()) {
        skipped.append(skipped.isEmpty() ? "" : "; ");
        skipped.append(provider.name()).append(" cannot run here: ").append(reason);
      }
    }
    throw new IllegalArgumentException(
        "backend '" + name + "' does not exist; choose one of " + names);
  }
}
