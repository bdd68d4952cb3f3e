package io.qgpo.tensor.kernel;

/**
 * The sizes of a call.
 *
 * @param rows of the result
 * @param columns of the result
 * @param inner what is summed over; 0 where nothing is
 */
public record Sizes(int rows, int columns, int inner) {
  /** As in {@code 64 x 128 x 40}, or {@code 64 x 128} where nothing is summed over. */
  @Override
  public String toString() {
    return rows + " x " + columns + (inner > 0 ? " x " + inner : "");
  }
}
