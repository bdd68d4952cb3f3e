package io.qgpo.verify;

import io.qgpo.verify.Check.Relation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers of checks as text: with the digits that matter for what is allowed. */
final class Figures {
  /** A double has no more. */
  private static final int MOST_DECIMALS = 14;

  private Figures() {}

  /** What is expected, with its tolerance or as a bound. */
  static String expected(Check check) {
    if (check.relation() != Relation.EQUAL) {
      return check.relation().words() + plain(check.expected());
    }
    BigDecimal number =
        new BigDecimal(check.expected()).setScale(decimals(check) + 1, RoundingMode.HALF_EVEN);
    return plain(number.doubleValue()) + " within " + small(check.allowed());
  }

  /** What was found: one digit beyond the tolerance, or three of a number that has a bound. */
  static String found(Check check, double found) {
    if (check.relation() != Relation.EQUAL || !Double.isFinite(found)) {
      return small(found);
    }
    return String.format(Locale.ROOT, "%." + decimals(check) + "f", found);
  }

  /** One digit beyond the tolerance. */
  private static int decimals(Check check) {
    int decimals = (int) Math.ceil(-Math.log10(check.allowed())) + 1;
    return Math.clamp(decimals, 0, MOST_DECIMALS);
  }

  /** The name of an enum's value as words in lower case. */
  static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Three digits. */
  static String small(double number) {
    if (!Double.isFinite(number)) {
      return Double.toString(number);
    }
    return plain(new BigDecimal(number).round(new MathContext(3)).doubleValue());
  }

  /** All digits, and no others. */
  private static String plain(double number) {
    if (number == 0) {
      return "0";
    }
    double size = Math.abs(number);
    BigDecimal digits = BigDecimal.valueOf(number).stripTrailingZeros();
    return size >= 1e-4 && size < 1e7
        ? digits.toPlainString()
        : String.format(Locale.ROOT, "%." + (digits.precision() - 1) + "e", number)
            .replace("e-0", "e-")
            .replace("e+0", "e");
  }
}
