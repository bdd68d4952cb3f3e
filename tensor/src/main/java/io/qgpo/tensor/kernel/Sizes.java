package io.qgpo.tensor.kernel;

/**
 * The sizes of a call.
 *
 * @param rows of the result
 * @param columns of the result
 * @param inner what is summed over; without meaning where nothing is
 */
public record Sizes(int rows, int columns, int inner) {}
