package io.qgpo.cli;

import io.qgpo.algorithm.NearestName;
import java.util.List;

/** Something the user can put right. The message is one sentence that says what and how. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A name that is not among those an option takes, with the nearest of them if it is near. */
  static UsageException unknown(String option, List<String> names, String found) {
    String nearest = NearestName.nearest(found, names);
    return new UsageException(
        "%s: expected one of %s, found '%s'%s"
            .formatted(
                option,
                String.join(", ", names),
                found,
                NearestName.isNear(found, nearest) ? "; did you mean '" + nearest + "'?" : ""));
  }
}
