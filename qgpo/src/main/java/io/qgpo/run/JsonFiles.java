package io.qgpo.run;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.io.AtomicFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files: written atomically, read strictly, in little memory. */
public final class JsonFiles {
  /** A configuration takes a few kB. */
  static final int MAX_BYTES = 1 << 20;

  /** Every whole number up to here is a double. */
  private static final long LARGEST_COUNT = 1L << 53;

  /** Refuses a key given twice and anything after the value. */
  static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFiles() {}

  /** An empty object to be filled. */
  public static ObjectNode object() {
    return STRICT.createObjectNode();
  }

  /**
   * Writes an object, indented.
   *
   * @throws TensorFileException if the file cannot be written
   */
  public static void write(Path file, ObjectNode json) {
    AtomicFiles.writeText(file, text(json));
  }

  /** An object as {@link #write} writes it. */
  static String text(ObjectNode json) {
    return json.toPrettyString() + "\n";
  }

  /**
   * Reads a file of one object of at most 1 MiB.
   *
   * @throws TensorFileException if it cannot be read or is anything else
   */
  public static ObjectNode read(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
    if (bytes.length > MAX_BYTES) {
      throw TensorFileException.content(
          file.toString(), "size", "at most " + MAX_BYTES + " bytes", "more");
    }
    try {
      return requireObject(STRICT.readTree(bytes), file.toString(), "content");
    } catch (JsonProcessingException e) {
      throw fault(e, file.toString(), "content");
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
  }

  /**
   * Reads a longer file of one object: the numbers in lists of one name are passed over, the rest
   * is 1 MiB at most.
   *
   * @param numbers the name; what comes back has these lists empty
   * @param maxBytes of the file
   * @throws TensorFileException if it cannot be read or is anything else
   */
  static ObjectNode readWithout(String numbers, Path file, long maxBytes) {
    String name = file.toString();
    try {
      if (Files.size(file) > maxBytes) {
        throw TensorFileException.content(name, "size", "at most " + maxBytes + " bytes", "more");
      }
      try (InputStream in = Files.newInputStream(file);
          JsonParser rest =
              new NumbersPassedOver(STRICT.createParser(in), numbers, MAX_BYTES, name)) {
        return requireObject(STRICT.readTree(rest), name, "content");
      }
    } catch (JsonProcessingException e) {
      throw fault(e, name, "content");
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
  }

  /** Parses one object. */
  public static ObjectNode parse(String text, String file, String where) {
    try {
      return requireObject(STRICT.readTree(text), file, where);
    } catch (JsonProcessingException e) {
      throw fault(e, file, where);
    }
  }

  /**
   * A text of an object.
   *
   * @param file where the object was read, for messages
   * @throws TensorFileException if there is none
   */
  public static String text(ObjectNode json, String key, String file) {
    return require(json, key, "text", json.path(key).isTextual(), file).textValue();
  }

  /** A number of an object, as {@link #text}; 1e999 is none, because a double does not hold it. */
  public static double number(ObjectNode json, String key, String file) {
    double value = require(json, key, "a number", json.path(key).isNumber(), file).doubleValue();
    if (!Double.isFinite(value)) {
      throw TensorFileException.content(file, "key '" + key + "'", "a finite number", value + "");
    }
    return value;
  }

  /** An object in an object, as {@link #text}. */
  public static ObjectNode child(ObjectNode json, String key, String file) {
    return (ObjectNode) require(json, key, "an object", json.path(key).isObject(), file);
  }

  /**
   * A number of an object, as {@link #text}.
   *
   * @param low the smallest allowed
   * @param high the largest allowed
   */
  public static double number(ObjectNode json, String key, double low, double high, String file) {
    double value = number(json, key, file);
    if (value < low || value > high) {
      throw TensorFileException.content(
          file, "key '" + key + "'", "a number from " + low + " to " + high, value + "");
    }
    return value;
  }

  /** A whole number of an object, from 0 to 2^53, as {@link #text}. */
  public static long count(ObjectNode json, String key, String file) {
    double value = number(json, key, file);
    if (value < 0 || value > LARGEST_COUNT || value != Math.rint(value)) {
      throw TensorFileException.content(
          file, "key '" + key + "'", "a whole number from 0 to 2^53", value + "");
    }
    return (long) value;
  }

  /** A list of numbers, each within bounds, as {@link #text}. */
  public static double[] numbers(
      ObjectNode json, String key, double low, double high, String file) {
    JsonNode array = require(json, key, "a list of numbers", json.path(key).isArray(), file);
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).isNumber() ? array.get(i).doubleValue() : Double.NaN;
      if (!(values[i] >= low && values[i] <= high)) {
        throw TensorFileException.content(
            file,
            "key '%s', number %d".formatted(key, i),
            "a number from " + low + " to " + high,
            TensorFileException.quote(array.get(i).toString()));
      }
    }
    return values;
  }

  private static JsonNode require(
      ObjectNode json, String key, String expected, boolean holds, String file) {
    if (holds) {
      return json.get(key);
    }
    String found = json.has(key) ? json.get(key).getNodeType().toString() : "nothing";
    throw TensorFileException.content(file, "key '" + key + "'", expected, found);
  }

  private static ObjectNode requireObject(JsonNode node, String file, String where) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    boolean nothing = node == null || node.isMissingNode();
    throw TensorFileException.content(
        file, where, "a JSON object", nothing ? "nothing" : node.getNodeType() + "");
  }

  private static TensorFileException fault(JsonProcessingException e, String file, String where) {
    var at = e.getLocation();
    return TensorFileException.content(
        file,
        at == null ? where : where + " line " + at.getLineNr() + " column " + at.getColumnNr(),
        "valid JSON",
        TensorFileException.quote(e.getOriginalMessage()));
  }
}
