package io.qgpo.tensor;

/** How a backend announces itself to {@link Backends}, through {@link java.util.ServiceLoader}. */
public interface BackendProvider {
  /** The name it is chosen by. */
  String name();

  /** Higher is tried first by {@code auto}. */
  int priority();

  /** Why it cannot run here and what would help, in one sentence; null if it can. */
  String unavailableReason();

  /**
   * Whether it is worth a word that it cannot run here; not if nothing shows that anybody meant it
   * to.
   */
  default boolean isExpected() {
    return true;
  }

  /**
   * The backend.
   *
   * @param threads CPU threads to use
   */
  Backend create(int threads);
}
