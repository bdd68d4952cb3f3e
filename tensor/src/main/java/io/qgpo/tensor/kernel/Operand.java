package io.qgpo.tensor.kernel;

import java.util.EnumSet;
import java.util.Set;

/**
 * A parameter of a kernel that is data: a matrix, elements of a row being adjacent, as a pointer
 * and a leading dimension (elements from one row to the next); or a vector, as a pointer alone.
 *
 * @param name as in the contract
 * @param rows its extent downwards; {@link Extent#ONE} for a vector
 * @param columns its extent across
 * @param traits what else holds of it
 * @param mayBe of a result: the name of the input that may lie in the same place; null if none may
 */
public record Operand(String name, Extent rows, Extent columns, Set<Trait> traits, String mayBe) {
  /** How large an operand is, by the sizes of a call. */
  public enum Extent {
    /** Of the result. */
    ROWS,
    /** Of the result. */
    COLUMNS,
    /** What is summed over. */
    INNER,
    /** A vector's. */
    ONE;

    int of(Sizes sizes) {
      return switch (this) {
        case ROWS -> sizes.rows();
        case COLUMNS -> sizes.columns();
        case INNER -> sizes.inner();
        case ONE -> 1;
      };
    }
  }

  /** What holds of an operand. */
  public enum Trait {
    /** Is written wholly, and not read. */
    RESULT,
    /** May be a null pointer: an input that is not there, a result that is not wanted. */
    OPTIONAL
  }

  static Operand input(String name, Extent rows, Extent columns) {
    return new Operand(name, rows, columns, EnumSet.noneOf(Trait.class), null);
  }

  static Operand optional(String name, Extent rows, Extent columns) {
    return new Operand(name, rows, columns, EnumSet.of(Trait.OPTIONAL), null);
  }

  static Operand result(String name, Extent rows, Extent columns, String mayBe) {
    return new Operand(name, rows, columns, EnumSet.of(Trait.RESULT), mayBe);
  }

  static Operand optionalResult(String name, Extent rows, Extent columns) {
    return new Operand(name, rows, columns, EnumSet.allOf(Trait.class), null);
  }
}
