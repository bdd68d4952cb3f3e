package io.qgpo.toy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results as rows of text, the first of which is the head. */
public final class ToyTable {
  private ToyTable() {}

  /** A row for each result: errors, and in brackets how many times the floor they are. */
  public static List<List<String>> metrics(List<ToyResult> results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "guidance",
            "sliced W1",
            "sliced W2",
            "MMD^2",
            "region TV",
            "sd ratio",
            "E[e]",
            "true E[e]",
            "seconds"));
    for (ToyResult one : results) {
      ToyMetrics m = one.metrics();
      rows.add(
          List.of(
              name(one),
              cell(m.slicedW1(), one, "slicedW1"),
              cell(m.slicedW2(), one, "slicedW2"),
              cell(m.mmd2(), one, "mmd2"),
              cell(m.totalVariation(), one, "totalVariation"),
              cell(m.deviationRatio(), one, "deviationRatio"),
              cell(m.meanEnergy(), one, "meanEnergy"),
              number(m.trueMeanEnergy()),
              "%.0f".formatted(one.seconds().total())));
    }
    return rows;
  }

  /**
   * Relative errors of the learnt fields, a column for each time; of the score a row for each seed,
   * of the guidance one for each result. Empty if none of the results has exact fields.
   */
  public static List<List<String>> fields(List<ToyResult> results) {
    List<ToyResult> exact = results.stream().filter(one -> !one.fields().isEmpty()).toList();
    List<List<String>> rows = new ArrayList<>();
    if (exact.isEmpty()) {
      return rows;
    }
    List<String> head = new ArrayList<>(List.of("relative error at t ="));
    exact.getFirst().fields().forEach(at -> head.add(plain(at.t())));
    rows.add(head);
    for (ToyResult one : exact) {
      List<String> guidance = new ArrayList<>(List.of("grad f: " + name(one)));
      List<String> score = new ArrayList<>(List.of("score: " + name(one)));
      for (FieldErrors at : one.fields()) {
        guidance.add(number(at.guidance()));
        score.add(number(at.score()));
      }
      rows.add(guidance);
      rows.add(score);
    }
    return rows;
  }

  private static String name(ToyResult one) {
    return "%s, beta %s, %s, seed %d"
        .formatted(one.set(), plain(one.beta()), one.method(), one.seed());
  }

  private static String cell(double value, ToyResult one, String error) {
    double multiple = one.multiple(error);
    return number(value) + (Double.isNaN(multiple) ? "" : " (x %s)".formatted(digits(multiple, 2)));
  }

  private static String number(double value) {
    return digits(value, 3);
  }

  /** Without an exponent, which is hard to read in a column. */
  private static String digits(double value, int digits) {
    return value == 0
        ? "0"
        : new BigDecimal(String.format(Locale.ROOT, "%." + (digits - 1) + "e", value))
            .toPlainString();
  }

  /** A number as it was typed, without a point where there is nothing behind it. */
  static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
