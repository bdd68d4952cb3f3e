package io.qgpo.algorithm;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a mistyped name may have meant. */
public final class NearestName {
  /** Longer input is cut before it is compared: the cost grows with its length. */
  private static final int LONGEST = 200;

  private NearestName() {}

  /**
   * The nearest name in quotes; or, where the input is the last part of several dotted names, all
   * of these.
   *
   * @param given what was typed
   * @param names the valid ones, at least one
   */
  public static String suggestion(String given, Collection<String> names) {
    String ending = "." + plain(given);
    List<String> ends = names.stream().filter(n -> plain(n).endsWith(ending)).toList();
    return anyOf(ends.isEmpty() ? List.of(nearest(given, names)) : ends);
  }

  /** Whether two names differ by no more than two slips of the fingers, and in less than a half. */
  public static boolean isNear(String given, String name) {
    int distance = distance(cut(given), name.toLowerCase(Locale.ROOT));
    return distance <= 2 && 2 * distance < name.length();
  }

  /** The valid name with the fewest edits between. */
  public static String nearest(String given, Collection<String> names) {
    String typed = cut(given);
    return names.stream()
        .min(Comparator.comparingInt(n -> distance(typed, n.toLowerCase(Locale.ROOT))))
        .orElseThrow();
  }

  /** One or more names in words: {@code 'a' or 'b'}. */
  static String anyOf(List<String> names) {
    return names.stream().map(n -> "'" + n + "'").collect(Collectors.joining(" or "));
  }

  /** A name without what its spelling varies in: {@code batch_size} is {@code batchSize}. */
  static String plain(String name) {
    return cut(name).replace("_", "").replace("-", "");
  }

  private static String cut(String name) {
    return name.substring(0, Math.min(name.length(), LONGEST)).toLowerCase(Locale.ROOT);
  }

  /**
   * Edit distance: insertions, deletions, substitutions and swaps of neighbours that turn one text
   * into the other (Damerau 1964, in the form where no piece is edited twice).
   */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + changed, Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
