package io.qgpo.cuda;

/**
 * A matrix in the device's memory, elements of a row being adjacent.
 *
 * @param memory from the first element on
 * @param leadingDimension elements from one row to the next
 */
public record DeviceMatrix(DeviceMemory memory, int rows, int columns, int leadingDimension) {
  /** Checks that the memory holds it. */
  public DeviceMatrix {
    long needed = rows == 0 ? 0 : (rows - 1L) * leadingDimension + columns;
    if (rows < 0 || columns < 0 || leadingDimension < columns || needed > memory.size()) {
      throw new IllegalArgumentException(
          "matrix: expected a leading dimension of at least the columns and memory for all rows,"
              + " found %d x %d with leading dimension %d in %d elements"
                  .formatted(rows, columns, leadingDimension, memory.size()));
    }
  }

  /** A matrix without gaps. */
  public DeviceMatrix(DeviceMemory memory, int rows, int columns) {
    this(memory, rows, columns, columns);
  }

  void require(String op, String what, int expectedRows, int expectedColumns) {
    if (rows != expectedRows || columns != expectedColumns) {
      throw new IllegalArgumentException(
          "%s: expected %s %d x %d, found %d x %d"
              .formatted(op, what, expectedRows, expectedColumns, rows, columns));
    }
  }
}
