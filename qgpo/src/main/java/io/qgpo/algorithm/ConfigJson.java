package io.qgpo.algorithm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Settings as JSON: written as nested objects, read as nested objects or dotted keys. Strict: a
 * repeated key, an unknown one, a null or anything after the object is refused.
 */
public final class ConfigJson {
  /** A settings file is about 2 KB; one of more than 1 MiB is something else. */
  private static final long LARGEST_FILE = 1 << 20;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private ConfigJson() {}

  /** All settings as one JSON object of nested objects, indented, ended by a newline. */
  public static String write(QgpoConfig config) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree(config)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings cannot be written as JSON", e);
    }
  }

  /** All settings as a tree, for a larger JSON document. */
  public static ObjectNode tree(QgpoConfig config) {
    ObjectNode root = MAPPER.createObjectNode();
    config
        .values()
        .forEach(
            (name, value) -> {
              int dot = name.indexOf('.');
              ObjectNode parent = dot < 0 ? root : root.withObjectProperty(name.substring(0, dot));
              parent.set(name.substring(dot + 1), node(value));
            });
    return root;
  }

  /**
   * Reads some settings from a file.
   *
   * @return values by dotted name, in the file's order, each of a known key and within its range
   * @throws ConfigException if the file cannot be read, is not such an object, or holds an unknown
   *     key or a value out of range
   */
  public static Map<String, Object> read(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_FILE) {
        throw new ConfigException(
            "%s: expected settings of at most %d bytes, found %d bytes"
                .formatted(file, LARGEST_FILE, size));
      }
      return parse(Files.readString(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": expected a JSON file of settings, found no file", e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": expected UTF-8 text, found other bytes", e);
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads some settings from text.
   *
   * @param source where it comes from, to begin messages with
   * @return as {@link #read}
   * @throws ConfigException as {@link #read}
   */
  public static Map<String, Object> parse(String json, String source) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          "%s%s: expected valid JSON, found: %s".formatted(source, place(e), firstLine(e)), e);
    }
    return of(root, source);
  }

  /**
   * Reads some settings from a tree, such as a part of a larger document.
   *
   * @param source where it comes from, to begin messages with
   * @return as {@link #read}
   * @throws ConfigException as {@link #read}
   */
  public static Map<String, Object> of(JsonNode root, String source) {
    if (!root.isObject()) {
      throw new ConfigException(
          source + ": expected a JSON object of settings, found " + kind(root));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    try {
      flatten("", root, values);
    } catch (ConfigException e) {
      throw new ConfigException(source + ": " + e.getMessage(), e);
    }
    return values;
  }

  private static void flatten(String prefix, JsonNode object, Map<String, Object> values) {
    object.forEachEntry(
        (part, node) -> {
          String name = prefix + part;
          if (node.isObject() && ConfigTable.isSection(name)) {
            flatten(name + ".", node, values);
            return;
          }
          Object value = ConfigTable.key(name).accept(plain(node));
          if (values.put(name, value) != null) {
            throw new ConfigException("setting '" + name + "' is given twice");
          }
        });
  }

  private static Object plain(JsonNode node) {
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(item -> list.add(item.isNumber() ? item.decimalValue() : item.toString()));
      return list;
    }
    if (node.isNumber()) {
      return node.decimalValue();
    }
    // Text is for choices alone: a number in quotes is refused with a message that shows the
    // quotes.
    return node.isTextual() && isName(node.textValue()) ? node.textValue() : node;
  }

  private static boolean isName(String text) {
    return !text.isEmpty() && Character.isLetter(text.charAt(0));
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case Double real -> DecimalNode.valueOf(Numbers.decimal(real));
      case List<?> list -> {
        ArrayNode array = MAPPER.createArrayNode();
        list.forEach(item -> array.add(node(item)));
        yield array;
      }
      case Enum<?> choice -> MAPPER.getNodeFactory().textNode(ValueRange.format(choice));
      case Integer whole -> MAPPER.getNodeFactory().numberNode(whole);
      case Long whole -> MAPPER.getNodeFactory().numberNode(whole);
      default -> throw new IllegalStateException("no JSON form for " + value.getClass());
    };
  }

  private static String kind(JsonNode node) {
    return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static String place(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null
        ? ""
        : ", line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("no reason given");
  }
}
