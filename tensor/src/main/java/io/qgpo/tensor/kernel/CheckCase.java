package io.qgpo.tensor.kernel;

import io.qgpo.tensor.kernel.Operand.Trait;
import java.util.ArrayList;
import java.util.List;

/**
 * What a kernel of a user's is tried on.
 *
 * @param sizes of the call
 * @param gap elements between the end of a row and the next
 * @param offset elements from an address that is a multiple of 256 bytes to the first; at most the
 *     gap
 * @param form which operands are there
 * @param scale numbers are from -scale to scale
 * @param hasNan whether the first input has a NaN in its middle
 */
public record CheckCase(Sizes sizes, int gap, int offset, Form form, float scale, boolean hasNan) {
  /** Which operands are there. */
  public enum Form {
    /** All. */
    WHOLE,
    /** Those that may be null are. */
    BARE,
    /** Results lie where inputs do, as far as they may. */
    IN_PLACE
  }

  private static final List<Sizes> PRODUCTS =
      List.of(
          new Sizes(1, 1, 1),
          new Sizes(64, 128, 40),
          new Sizes(67, 33, 77),
          new Sizes(129, 65, 34),
          new Sizes(5, 131, 300),
          new Sizes(16, 7, 13));

  private static final List<Sizes> ELEMENTWISE =
      List.of(
          new Sizes(1, 1, 0),
          new Sizes(64, 128, 0),
          new Sizes(67, 33, 0),
          new Sizes(129, 65, 0),
          new Sizes(3, 1027, 0),
          new Sizes(207, 1, 0));

  /** That fill a GPU. */
  private static final List<Sizes> LARGE =
      List.of(new Sizes(4096, 512, 512), new Sizes(1411, 1300, 129));

  /** Exponentials overflow at 89. */
  private static final float LARGE_NUMBERS = 100;

  /** All of an operation. */
  public static List<CheckCase> of(CheckedOp op, boolean large) {
    List<CheckCase> cases = new ArrayList<>();
    for (Sizes sizes : op.hasInner() ? PRODUCTS : ELEMENTWISE) {
      cases.add(new CheckCase(sizes, 0, 0, Form.WHOLE, 1, false));
      cases.add(new CheckCase(sizes, 1, 1, Form.BARE, 1, false));
      cases.add(new CheckCase(sizes, 8, 4, Form.IN_PLACE, 1, false));
    }
    Sizes odd = new Sizes(7, 9, op.hasInner() ? 11 : 0);
    cases.add(new CheckCase(odd, 3, 2, Form.WHOLE, LARGE_NUMBERS, false));
    cases.add(new CheckCase(odd, 3, 2, Form.WHOLE, 1, true));
    if (large) {
      LARGE.forEach(sizes -> cases.add(new CheckCase(sizes, 0, 0, Form.WHOLE, 1, false)));
    }
    return cases;
  }

  /** Whether an operand is there. */
  boolean has(Operand operand) {
    return form != Form.BARE || !operand.traits().contains(Trait.OPTIONAL);
  }

  /** As it stands in the report. */
  String text(CheckedOp op) {
    String rest =
        switch (form) {
          case WHOLE -> "";
          case BARE -> op.operands().stream().anyMatch(o -> !has(o)) ? ", nulls" : "";
          case IN_PLACE -> ", in place";
        };
    return sizes
        + (gap > 0 ? ", gaps of " + gap : "")
        + (offset > 0 ? ", offset " + offset : "")
        + rest
        + (scale > 1 ? ", large numbers" : "")
        + (hasNan ? ", a NaN" : "");
  }
}
