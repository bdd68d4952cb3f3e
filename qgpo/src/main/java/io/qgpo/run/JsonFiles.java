package io.qgpo.run;

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

/** Small JSON files: written atomically, read strictly. */
public final class JsonFiles {
  /** A configuration takes a few kB. */
  static final int MAX_BYTES = 1 << 20;

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

  /** A number of an object, as {@link #text}. */
  public static double number(ObjectNode json, String key, String file) {
    return require(json, key, "a number", json.path(key).isNumber(), file).doubleValue();
  }

  /** An object in an object, as {@link #text}. */
  static ObjectNode child(ObjectNode json, String key, String file) {
    return (ObjectNode) require(json, key, "an object", json.path(key).isObject(), file);
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
    throw TensorFileException.content(
        file, where, "a JSON object", node.isMissingNode() ? "nothing" : node.getNodeType() + "");
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
