package io.qgpo.algorithm;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The values that a setting takes. */
public sealed interface ValueRange {
  /** Quoted values are cut here, so that no message fills the screen. */
  int LONGEST_QUOTE = 80;

  /** The range in words, to follow "expected". */
  String text();

  /**
   * The value in its own form, or null if it is none of these.
   *
   * @param value a number, a list, an enum constant, or text as typed on a command line
   */
  Object accept(Object value);

  /** Text as typed on a command line that {@link #accept} turns back into this value. */
  static String format(Object value) {
    return switch (value) {
      case Double real -> Numbers.text(real);
      case Enum<?> choice -> choice.name().toLowerCase(Locale.ROOT);
      case List<?> list -> list.stream().map(ValueRange::format).collect(Collectors.joining(","));
      default -> String.valueOf(value);
    };
  }

  /** A value as error messages show it: text in quotes, cut to a readable length. */
  static String quote(Object value) {
    String text = format(value);
    String cut = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
    return value instanceof Number ? cut : "'" + cut + "'";
  }

  /**
   * Whole numbers.
   *
   * @param min smallest, included
   * @param max largest, included
   * @param multipleOf divides every value; 1 for all whole numbers
   */
  record Whole(long min, long max, long multipleOf) implements ValueRange {
    @Override
    public String text() {
      String kind = multipleOf == 1 ? "a whole number" : "a multiple of " + multipleOf;
      return kind + " from " + min + " to " + max;
    }

    @Override
    public Object accept(Object value) {
      BigDecimal number = number(value);
      if (number == null) {
        return null;
      }
      try {
        long whole = number.longValueExact();
        return whole >= min && whole <= max && whole % multipleOf == 0 ? whole : null;
      } catch (ArithmeticException _) {
        return null;
      }
    }
  }

  /**
   * Real numbers.
   *
   * @param min smallest
   * @param minIncluded whether {@code min} itself is allowed
   * @param max largest
   * @param maxIncluded whether {@code max} itself is allowed
   */
  record Real(double min, boolean minIncluded, double max, boolean maxIncluded)
      implements ValueRange {
    @Override
    public String text() {
      return "a number " + bounds();
    }

    private String bounds() {
      String low = (minIncluded ? "from " : "above ") + Numbers.text(min);
      return low + (maxIncluded ? " to " : " to below ") + Numbers.text(max);
    }

    @Override
    public Object accept(Object value) {
      BigDecimal number = number(value);
      if (number == null) {
        return null;
      }
      // Adding 0 turns -0 into 0: one value, one way to write it.
      double real = number.doubleValue() + 0.0;
      boolean lowFits = minIncluded ? real >= min : real > min;
      boolean highFits = maxIncluded ? real <= max : real < max;
      return lowFits && highFits ? real : null;
    }
  }

  /**
   * Several real numbers.
   *
   * @param each range of one of them
   * @param most largest count; at least one must be there
   */
  record Reals(Real each, int most) implements ValueRange {
    @Override
    public String text() {
      return "1 to " + most + " numbers separated by commas, each " + each.bounds();
    }

    @Override
    public Object accept(Object value) {
      List<?> parts =
          switch (value) {
            case List<?> list -> list;
            case String text -> Arrays.asList(text.split(",", -1));
            case Number one -> List.of(one);
            default -> List.of();
          };
      if (parts.isEmpty() || parts.size() > most) {
        return null;
      }
      List<Double> reals = new ArrayList<>();
      for (Object part : parts) {
        if (!(each.accept(part) instanceof Double real)) {
          return null;
        }
        reals.add(real);
      }
      return List.copyOf(reals);
    }
  }

  /**
   * One of a few names: the constants of an enum in lower case.
   *
   * @param type the enum
   */
  record Choice(Class<? extends Enum<?>> type) implements ValueRange {
    /** The names, in order. */
    public List<String> names() {
      return Arrays.stream(type.getEnumConstants()).map(ValueRange::format).toList();
    }

    @Override
    public String text() {
      return "one of " + String.join(", ", names());
    }

    @Override
    public Object accept(Object value) {
      if (type.isInstance(value)) {
        return value;
      }
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> format(constant).equals(value))
          .findFirst()
          .orElse(null);
    }
  }

  private static BigDecimal number(Object value) {
    try {
      return switch (value) {
        case null -> null;
        case BigDecimal decimal -> decimal;
        case String text -> new BigDecimal(text.strip());
        case Number number -> new BigDecimal(number.toString());
        default -> null;
      };
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
