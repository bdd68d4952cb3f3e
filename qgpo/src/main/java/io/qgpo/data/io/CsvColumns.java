package io.qgpo.data.io;

import io.qgpo.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of a CSV file make up which array. An array's columns are listed by name; a name
 * that ends in {@code *} stands for all columns that begin so and go on with a number, in the order
 * of the numbers, which must run on from 0 or 1.
 *
 * <p>Without anything said: observations {@code s0, s1, ...}, actions {@code a0, ...}, {@code
 * reward}, {@code terminal} and, where they are there, {@code timeout}, {@code next_s0, ...} and
 * {@code infos/NAME} or {@code infos/NAME[0], infos/NAME[1], ...}.
 */
public final class CsvColumns {
  /** Nothing said. */
  public static final CsvColumns USUAL = new CsvColumns(Map.of());

  /** The key under which columns are listed that are to be left out. */
  public static final String IGNORE = "ignore";

  private static final Map<String, String> NAMES =
      Map.of(
          D4rlLayout.OBSERVATIONS, "s*",
          D4rlLayout.ACTIONS, "a*",
          D4rlLayout.REWARDS, "reward",
          D4rlLayout.TERMINALS, "terminal",
          D4rlLayout.TIMEOUTS, "timeout",
          D4rlLayout.NEXT_OBSERVATIONS, "next_s*");

  private static final Set<String> OPTIONAL =
      Set.of(D4rlLayout.TIMEOUTS, D4rlLayout.NEXT_OBSERVATIONS);

  private final Map<String, String> said;

  private CsvColumns(Map<String, String> said) {
    this.said = Collections.unmodifiableMap(new LinkedHashMap<>(said));
  }

  /**
   * The usual columns, except for those said here.
   *
   * @param columns from {@code observations}, {@code actions}, {@code rewards}, {@code terminals},
   *     {@code timeouts}, {@code next_observations}, {@code infos/NAME} or {@link #IGNORE} to names
   *     of columns, separated by commas
   * @throws IllegalArgumentException for another key, or an empty name
   */
  public static CsvColumns of(Map<String, String> columns) {
    columns.forEach(
        (key, names) -> {
          boolean known =
              NAMES.containsKey(key)
                  || key.equals(IGNORE)
                  || (key.startsWith(D4rlLayout.INFOS) && key.length() > D4rlLayout.INFOS.length());
          if (!known) {
            throw new IllegalArgumentException(
                "columns: expected observations, actions, rewards, terminals, timeouts,"
                    + " next_observations, infos/NAME or ignore, found '"
                    + key
                    + "'");
          }
          if (Arrays.stream(names.split(",", -1)).anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(
                "columns of %s: expected names separated by commas, found '%s'"
                    .formatted(key, names));
          }
        });
    return new CsvColumns(columns);
  }

  /** What was said, by key. */
  public Map<String, String> said() {
    return said;
  }

  /**
   * The columns of each array in a file with this header.
   *
   * @param file for errors
   * @param header names of the columns
   * @return from key to positions in the header
   * @throws DataException if a column is missing, in two arrays, or in none and not ignored
   */
  Map<String, int[]> in(String file, List<String> header) {
    Map<String, Integer> positions = positions(file, header);
    Map<String, int[]> arrays = new LinkedHashMap<>();
    Map<Integer, String> owners = new HashMap<>();
    Set<String> keys = new LinkedHashSet<>(NAMES.keySet());
    keys.addAll(said.keySet());
    for (String key : keys) {
      int[] columns = columns(file, key, positions);
      for (int column : columns) {
        String other = owners.put(column, key);
        if (other != null) {
          throw fault(file, header.get(column), "a column of one array", other + " and " + key);
        }
      }
      if (columns.length > 0 && !key.equals(IGNORE)) {
        arrays.put(key, columns);
      }
    }
    addInfos(positions, arrays, owners);
    for (int column = 0; column < header.size(); column++) {
      if (!owners.containsKey(column)) {
        throw fault(
            file,
            header.get(column),
            "a column of a known array, or one that is listed under 'ignore'",
            "neither");
      }
    }
    return arrays;
  }

  private static Map<String, Integer> positions(String file, List<String> header) {
    Map<String, Integer> positions = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i);
      if (name.isBlank()) {
        throw DataException.ofFile(
            file + ", line 1, column " + (i + 1), "the name of a column", "none");
      }
      if (positions.put(name, i) != null) {
        throw fault(file, name, "each name once in the header", "it twice");
      }
    }
    return positions;
  }

  private int[] columns(String file, String key, Map<String, Integer> positions) {
    boolean asked = said.containsKey(key);
    String names = asked ? said.get(key) : NAMES.get(key);
    List<Integer> columns = new ArrayList<>();
    for (String name : names.split(",")) {
      String stripped = name.strip();
      List<Integer> found =
          stripped.endsWith("*")
              ? numbered(stripped.substring(0, stripped.length() - 1), positions)
              : positions.containsKey(stripped) ? List.of(positions.get(stripped)) : List.of();
      boolean needed = asked || !OPTIONAL.contains(key);
      if (found.isEmpty() && needed) {
        throw DataException.ofKey(
            file,
            key,
            stripped.endsWith("*")
                ? "columns '%s' numbered from 0 or 1".formatted(stripped)
                : "a column '" + stripped + "'",
            "none (name others with --columns " + key + "=...)");
      }
      columns.addAll(found);
    }
    return columns.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Positions of prefix0, prefix1, ... or prefix1, prefix2, ...; empty where there are none. */
  private static List<Integer> numbered(String prefix, Map<String, Integer> positions) {
    List<Integer> found = new ArrayList<>();
    int number = positions.containsKey(prefix + 0) ? 0 : 1;
    for (Integer at = positions.get(prefix + number); at != null; ) {
      found.add(at);
      number++;
      at = positions.get(prefix + number);
    }
    return found;
  }

  /** Columns {@code infos/NAME} make up a vector, {@code infos/NAME[0], infos/NAME[1]} a matrix. */
  private static void addInfos(
      Map<String, Integer> positions, Map<String, int[]> arrays, Map<Integer, String> owners) {
    positions.forEach(
        (name, at) -> {
          boolean matrix = name.endsWith("[0]");
          boolean free = name.startsWith(D4rlLayout.INFOS) && !owners.containsKey(at);
          if (free && (matrix || !name.endsWith("]"))) {
            String key = matrix ? name.substring(0, name.length() - 3) : name;
            List<Integer> columns = matrix ? bracketed(key, positions) : List.of(at);
            arrays.put(key, columns.stream().mapToInt(Integer::intValue).toArray());
            columns.forEach(column -> owners.put(column, key));
          }
        });
  }

  private static List<Integer> bracketed(String key, Map<String, Integer> positions) {
    List<Integer> found = new ArrayList<>();
    for (Integer at = positions.get(key + "[0]"); at != null; ) {
      found.add(at);
      at = positions.get(key + "[" + found.size() + "]");
    }
    return found;
  }

  private static DataException fault(String file, String column, String expected, String found) {
    return DataException.ofFile(file + ", line 1, column '" + column + "'", expected, found);
  }
}
