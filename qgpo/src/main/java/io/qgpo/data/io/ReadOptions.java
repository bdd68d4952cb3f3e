package io.qgpo.data.io;

import io.qgpo.data.Dataset;
import java.util.Objects;

/**
 * How to read a data set.
 *
 * @param stepLimit steps after which an episode counts as timed out; used only where the file does
 *     not record timeouts
 * @param columns which columns of a CSV file are what; other formats do not need it
 * @param withExtras whether to keep {@code next_observations} and the arrays in {@code infos},
 *     which training does not need
 */
public record ReadOptions(int stepLimit, CsvColumns columns, boolean withExtras) {
  /** The step limit of D4RL's locomotion tasks, the usual CSV columns, no extras. */
  public static final ReadOptions DEFAULT =
      new ReadOptions(Dataset.DEFAULT_STEP_LIMIT, CsvColumns.USUAL, false);

  /** Checks the limit. */
  public ReadOptions {
    Objects.requireNonNull(columns, "columns");
    if (stepLimit < 1) {
      throw new IllegalArgumentException("step limit: expected at least 1, found " + stepLimit);
    }
  }

  /** The same with another step limit. */
  public ReadOptions withStepLimit(int limit) {
    return new ReadOptions(limit, columns, withExtras);
  }

  /** The same with other CSV columns. */
  public ReadOptions withColumns(CsvColumns otherColumns) {
    return new ReadOptions(stepLimit, otherColumns, withExtras);
  }

  /** The same, keeping what was recorded along with the rows. */
  public ReadOptions keepingExtras() {
    return new ReadOptions(stepLimit, columns, true);
  }
}
