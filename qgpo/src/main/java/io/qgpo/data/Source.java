package io.qgpo.data;

import java.util.Objects;

/**
 * Where data come from.
 *
 * @param name file name, or the name of a built-in set with its settings
 * @param sha256 SHA-256 of the file's bytes (of the arrays' bytes for generated data), in
 *     lower-case hex
 * @param generated true for a built-in generated set, false for a file
 */
public record Source(String name, String sha256, boolean generated) {
  /** Checks that nothing is null. */
  public Source {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sha256, "sha256");
  }
}
