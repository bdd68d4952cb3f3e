package io.qgpo.algorithm;

/**
 * One setting.
 *
 * @param name dotted: {@code behaviour.steps}
 * @param range the values it takes
 * @param unit of its value, or empty
 * @param description one line, without a full stop
 */
public record ConfigKey(String name, ValueRange range, String unit, String description) {

  /** What a value must be, in words: {@code a whole number from 1 to 1000000000 (steps)}. */
  public String expected() {
    return unit.isEmpty() ? range.text() : range.text() + " (" + unit + ")";
  }

  /** A value as users type it. */
  public String text(Object value) {
    return ValueRange.format(value);
  }

  /**
   * The value in the form that configuration records hold: Long, Double, {@code List<Double>} or an
   * enum constant.
   *
   * @param value such a value, another number, or text as typed on a command line
   * @throws ConfigException if it is of another kind or out of range
   */
  public Object accept(Object value) {
    return accept("setting '%s'".formatted(name), value);
  }

  /**
   * The same of a value that its user gave by another name.
   *
   * @param called what an error calls it: an option, say
   */
  public Object accept(String called, Object value) {
    Object accepted = range.accept(value);
    if (accepted == null) {
      throw new ConfigException(
          "%s: expected %s, found %s".formatted(called, expected(), ValueRange.quote(value)));
    }
    return accepted;
  }
}
