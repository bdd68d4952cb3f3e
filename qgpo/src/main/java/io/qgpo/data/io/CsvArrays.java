package io.qgpo.data.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.qgpo.data.DataException;
import io.qgpo.data.RowArray;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The arrays of a CSV file: a line of column names, then a line for each row, as many fields as
 * names, every number finite as float32 (in {@code infos}: any float64). RFC 4180: fields may be
 * quoted, lines end in LF or CRLF.
 */
final class CsvArrays implements KeyedArrays {
  /** Characters of the longest field; a number has some 25. */
  private static final int LONGEST_FIELD = 1 << 16;

  private static final int LONGEST_NUMBER = 64;

  private static final int LONGEST_QUOTE = 40;

  private final String file;
  private final List<String> header;
  private final Map<String, int[]> columns;
  private final Map<String, FloatRows> floats = new TreeMap<>();
  private final Map<String, Flags> flags = new TreeMap<>();
  private final Map<String, DoubleRows> doubles = new TreeMap<>();

  private CsvArrays(String file, List<String> header, Map<String, int[]> columns) {
    this.file = file;
    this.header = header;
    this.columns = columns;
  }

  /**
   * Reads a file.
   *
   * @param name of the file, for errors
   * @param layout which columns are what
   * @param withInfos whether to read the arrays in {@code infos}, too
   * @throws DataException naming line and column of the first fault
   */
  static CsvArrays read(Path path, String name, CsvColumns layout, boolean withInfos) {
    try (Reader text = Files.newBufferedReader(path);
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .skipEmptyLines(false)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(LONGEST_FIELD)
                .ofCsvRecord(text)) {
      Iterator<CsvRecord> records = csv.iterator();
      if (!records.hasNext()) {
        throw DataException.ofFile(name, "a line of column names", "an empty file");
      }
      List<String> header = header(records.next());
      Map<String, int[]> columns = new LinkedHashMap<>(layout.in(name, header));
      if (!withInfos) {
        columns.keySet().removeIf(key -> key.startsWith(D4rlLayout.INFOS));
      }
      CsvArrays arrays = new CsvArrays(name, header, columns);
      while (records.hasNext()) {
        arrays.add(records.next());
      }
      return arrays;
    } catch (CharacterCodingException e) {
      throw DataException.ofFile(name, "UTF-8 text", "other bytes").causedBy(e);
    } catch (IOException e) {
      throw DataException.ofFile(name, "a readable file", String.valueOf(e)).causedBy(e);
    } catch (UncheckedIOException e) {
      boolean coding = e.getCause() instanceof CharacterCodingException;
      throw DataException.ofFile(
              name,
              coding ? "UTF-8 text" : "a readable file",
              coding ? "other bytes" : Hdf5File.reason(e))
          .causedBy(e);
    } catch (CsvParseException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw DataException.ofFile(
              name, "CSV text", "text that is none (" + Hdf5File.reason(cause) + ")")
          .causedBy(e);
    }
  }

  private static List<String> header(CsvRecord first) {
    List<String> names = new ArrayList<>();
    for (String field : first.getFields()) {
      names.add(field.strip());
    }
    if (names.getFirst().startsWith("\uFEFF")) { // a byte order mark, as spreadsheets write
      names.set(0, names.getFirst().substring(1).strip());
    }
    return names;
  }

  private void add(CsvRecord row) {
    if (row.getFieldCount() != header.size()) {
      boolean empty = row.getFieldCount() == 1 && row.getField(0).isEmpty();
      throw DataException.ofFile(
          file + ", line " + row.getStartingLineNumber(),
          header.size() + " fields as in the header",
          empty ? "an empty line" : row.getFieldCount() + " fields");
    }
    columns.forEach(
        (key, positions) -> {
          switch (key) {
            case D4rlLayout.TERMINALS, D4rlLayout.TIMEOUTS -> {
              Flags to = flags.computeIfAbsent(key, k -> new Flags());
              for (int at : positions) {
                to.add(truth(row, at));
              }
            }
            case String info when info.startsWith(D4rlLayout.INFOS) -> {
              DoubleRows to = doubles.computeIfAbsent(key, k -> new DoubleRows());
              for (int at : positions) {
                to.add(wideNumber(row, at));
              }
            }
            default -> {
              FloatRows to = floats.computeIfAbsent(key, k -> new FloatRows());
              for (int at : positions) {
                to.add(number(row, at));
              }
            }
          }
        });
  }

  private float number(CsvRecord row, int at) {
    String text = row.getField(at).strip();
    if (isPlain(text)) {
      try {
        float value = Float.parseFloat(text);
        if (Float.isFinite(value)) {
          return value;
        }
        throw fault(row, at, "a number below 3.4e38 in size", text);
      } catch (NumberFormatException e) {
        throw fault(row, at, "a finite number", text).causedBy(e);
      }
    }
    throw fault(row, at, "a finite number", text);
  }

  private double wideNumber(CsvRecord row, int at) {
    String text = row.getField(at).strip();
    boolean special = text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
    if (special || isPlain(text)) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw fault(row, at, "a number", text).causedBy(e);
      }
    }
    throw fault(row, at, "a number", text);
  }

  /** Java's own parser would take hexadecimal numbers, NaN, Infinity and type suffixes as well. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
      if (!allowed) {
        return false;
      }
    }
    return text.length() <= LONGEST_NUMBER;
  }

  private boolean truth(CsvRecord row, int at) {
    String text = row.getField(at).strip();
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "1.0", "true" -> true;
      case "0", "0.0", "false" -> false;
      default -> throw fault(row, at, "true, false, 1 or 0", text);
    };
  }

  private DataException fault(CsvRecord row, int at, String expected, String found) {
    String cut = found.length() > LONGEST_QUOTE ? found.substring(0, LONGEST_QUOTE) + "..." : found;
    return DataException.ofFile(
        "%s, line %d, column '%s'".formatted(file, row.getStartingLineNumber(), header.get(at)),
        expected,
        "'" + cut + "'");
  }

  @Override
  public Set<String> keys() {
    return columns.keySet();
  }

  @Override
  public Matrix matrix(String key) {
    float[] values = floats(key);
    int width = columns.get(key).length;
    return new Matrix(values.length / width, width, values);
  }

  @Override
  public float[] floatColumn(String key) {
    checkColumn(key);
    return floats(key);
  }

  @Override
  public boolean[] booleanColumn(String key) {
    checkColumn(key);
    return flags.containsKey(key) ? flags.get(key).toArray() : new boolean[0];
  }

  @Override
  public RowArray rowArray(String key) {
    double[] values = doubles.containsKey(key) ? doubles.get(key).toArray() : new double[0];
    int[] at = columns.get(key);
    boolean vector = at.length == 1 && !header.get(at[0]).endsWith("]");
    return vector ? RowArray.vector(values) : RowArray.matrix(at.length, values);
  }

  /** The values of an array; none where the file ends after its header. */
  private float[] floats(String key) {
    return floats.containsKey(key) ? floats.get(key).toArray() : new float[0];
  }

  private void checkColumn(String key) {
    int found = columns.get(key).length;
    if (found != 1) {
      throw DataException.ofKey(file, key, "one column", found + " columns");
    }
  }
}
