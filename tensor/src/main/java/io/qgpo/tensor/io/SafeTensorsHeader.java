package io.qgpo.tensor.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON header of a safetensors file.
 *
 * @param metadata the free-form {@code __metadata__}
 * @param entries the arrays in the order of their data, which cover the data section exactly
 */
record SafeTensorsHeader(Map<String, String> metadata, List<Entry> entries) {
  private static final String METADATA_KEY = "__metadata__";

  /** One array; offsets count from the start of the data section. */
  record Entry(String name, ElementType type, int[] shape, long begin, long end) {
    int count() {
      return (int) ((end - begin) / type.bytes());
    }
  }

  // ---- Reading ----

  /**
   * Parses and checks a header.
   *
   * @param dataBytes length of the data section, which the arrays must cover without gap or overlap
   */
  static SafeTensorsHeader parse(byte[] json, long dataBytes, String file) {
    if (json.length == 0 || json[0] != '{') {
      throw TensorFileException.content(
          file, "byte 8", "a header that begins with '{'", "something else");
    }
    var cursor = new HeaderCursor(json, file, SafeTensors.LENGTH_BYTES);
    Map<String, String> metadata = null;
    var entries = new ArrayList<Entry>();
    var names = new HashSet<String>();
    cursor.expect('{');
    if (!cursor.tryConsume('}')) {
      do {
        String name = key(cursor, names);
        if (name.equals(METADATA_KEY)) {
          metadata = metadata(cursor);
        } else {
          entries.add(entry(cursor, name, file));
        }
      } while (cursor.tryConsume(','));
      cursor.expect('}');
    }
    cursor.expectEnd();
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkCoverage(entries, dataBytes, file);
    return new SafeTensorsHeader(
        metadata == null ? Map.of() : Collections.unmodifiableMap(metadata), entries);
  }

  private static String key(HeaderCursor cursor, Set<String> seen) {
    String key = cursor.jsonString();
    if (!seen.add(key)) {
      throw cursor.fault("each key once", "a second " + TensorFileException.quote(key));
    }
    cursor.expect(':');
    return key;
  }

  private static Map<String, String> metadata(HeaderCursor cursor) {
    var metadata = new LinkedHashMap<String, String>();
    var keys = new HashSet<String>();
    cursor.expect('{');
    if (!cursor.tryConsume('}')) {
      do {
        String key = key(cursor, keys);
        metadata.put(key, cursor.jsonString());
      } while (cursor.tryConsume(','));
      cursor.expect('}');
    }
    return metadata;
  }

  private static Entry entry(HeaderCursor cursor, String name, String file) {
    ElementType type = null;
    long[] shape = null;
    long[] offsets = null;
    var keys = new LinkedHashSet<String>();
    cursor.expect('{');
    do {
      switch (key(cursor, keys)) {
        case "dtype" -> type = type(cursor);
        case "shape" -> shape = wholeNumbers(cursor, NamedArray.MAX_RANK);
        case "data_offsets" -> offsets = wholeNumbers(cursor, 2);
        case String other ->
            throw cursor.fault(
                "only dtype, shape and data_offsets", TensorFileException.quote(other));
      }
    } while (cursor.tryConsume(','));
    cursor.expect('}');
    String where = "array " + TensorFileException.quote(name);
    if (type == null || shape == null || offsets == null) {
      throw TensorFileException.content(
          file, where, "dtype, shape and data_offsets", "only " + String.join(" and ", keys));
    }
    if (offsets.length != 2) {
      throw TensorFileException.content(
          file, where, "2 data_offsets, begin and end", String.valueOf(offsets.length));
    }
    return checked(name, type, shape, offsets[0], offsets[1], file, where);
  }

  private static Entry checked(
      String name,
      ElementType type,
      long[] shape,
      long begin,
      long end,
      String file,
      String where) {
    long count = NamedArray.elementCount(shape);
    if (count < 0) {
      throw TensorFileException.content(
          file,
          where,
          "a shape of at most " + NamedArray.MAX_ELEMENTS + " elements",
          Arrays.toString(shape));
    }
    // count < 2^31 and bytes() <= 8: no overflow. A negative difference cannot be equal either.
    if (end - begin != count * type.bytes()) {
      throw TensorFileException.content(
          file,
          where,
          "data_offsets %d bytes apart, as %s %s needs"
              .formatted(count * type.bytes(), type, Arrays.toString(shape)),
          "[" + begin + ", " + end + "]");
    }
    return new Entry(
        name, type, Arrays.stream(shape).mapToInt(Math::toIntExact).toArray(), begin, end);
  }

  private static ElementType type(HeaderCursor cursor) {
    String name = cursor.jsonString();
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw cursor.fault(
        "a dtype of " + Arrays.toString(ElementType.values()), TensorFileException.quote(name));
  }

  private static long[] wholeNumbers(HeaderCursor cursor, int most) {
    long[] numbers = new long[most];
    int n = 0;
    cursor.expect('[');
    if (!cursor.tryConsume(']')) {
      do {
        if (n == most) {
          throw cursor.fault("at most " + most + " numbers", "more");
        }
        numbers[n++] = cursor.wholeNumber();
      } while (cursor.tryConsume(','));
      cursor.expect(']');
    }
    return Arrays.copyOf(numbers, n);
  }

  private static void checkCoverage(List<Entry> inOrder, long dataBytes, String file) {
    long covered = 0;
    for (Entry entry : inOrder) {
      if (entry.begin() != covered) {
        throw TensorFileException.content(
            file,
            "array " + TensorFileException.quote(entry.name()),
            "data from offset " + covered + " on, where the array before it ends",
            "offset " + entry.begin() + (entry.begin() < covered ? " (overlap)" : " (gap)"));
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw TensorFileException.content(
          file,
          "data section",
          covered + " bytes as the header says",
          dataBytes + (dataBytes < covered ? " (the file is cut)" : " (trailing bytes)"));
    }
  }

  // ---- Writing ----

  /**
   * Lays arrays out one after the other.
   *
   * @throws IllegalArgumentException if two names are equal or one is reserved
   */
  static SafeTensorsHeader layOut(Collection<NamedArray> arrays, Map<String, String> metadata) {
    var entries = new ArrayList<Entry>();
    var names = new HashSet<String>(Set.of(METADATA_KEY));
    long offset = 0;
    for (NamedArray array : arrays) {
      if (!names.add(array.name())) {
        throw new IllegalArgumentException(
            "SafeTensors: expected distinct names other than %s, found '%s'; rename the array."
                .formatted(METADATA_KEY, array.name()));
      }
      long end = offset + (long) array.size() * array.type().bytes();
      entries.add(new Entry(array.name(), array.type(), array.shape(), offset, end));
      offset = end;
    }
    return new SafeTensorsHeader(metadata, entries);
  }

  /** UTF-8 JSON, padded with spaces so that the data begin at a multiple of 8 bytes. */
  byte[] encode() {
    var json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      appendString(json, METADATA_KEY).append(":{");
      metadata.forEach(
          (key, value) -> {
            appendString(json, key).append(':');
            appendString(json, value).append(',');
          });
      json.setCharAt(json.length() - 1, '}');
      json.append(',');
    }
    for (Entry entry : entries) {
      appendString(json, entry.name())
          .append(":{\"dtype\":\"")
          .append(entry.type())
          .append("\",\"shape\":")
          .append(Arrays.toString(entry.shape()).replace(" ", ""))
          .append(",\"data_offsets\":[")
          .append(entry.begin())
          .append(',')
          .append(entry.end())
          .append("]},");
    }
    if (json.length() > 1) {
      json.setLength(json.length() - 1);
    }
    json.append('}');
    var padded = new ByteArrayOutputStream();
    padded.writeBytes(json.toString().getBytes(StandardCharsets.UTF_8));
    while (padded.size() % 8 != 0) {
      padded.write(' ');
    }
    return padded.toByteArray();
  }

  private static StringBuilder appendString(StringBuilder json, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "SafeTensors: expected text that UTF-8 can hold, found a lone surrogate in "
              + TensorFileException.quote(text)
              + ".");
    }
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }
}
