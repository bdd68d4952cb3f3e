package io.qgpo.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** JSON that is still JSON, but with other values: what a check of syntax does not see. */
final class DamagedJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** In place of a value of any kind. */
  private static final String[] VALUES = {
    "null",
    "true",
    "[]",
    "{}",
    "[[]]",
    "[1]",
    "[{}]",
    "{\"low\":1}",
    "\"\"",
    "\"x\"",
    "\"NaN\"",
    "\"\\u001b[31m\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"<script>\"",
    "0",
    "1",
    "2",
    "-1",
    "0.5",
    "1e-320",
    "1e-40",
    "3e38",
    "1e39",
    "1e300",
    "-1e308",
    "1e308",
    "1e999",
    "-1e999",
    "4294967296",
    "2147483647",
    "2147483648",
    "1000000",
    "9007199254740993",
    "99999999999999999999999999",
    "-99999999999999999999999999"
  };

  private DamagedJson() {}

  /** A damaged copy of an object. */
  static String of(String sound, SplittableRandom random) throws JsonProcessingException {
    JsonNode json = MAPPER.readTree(sound);
    int hits = 1 + random.nextInt(2);
    for (int i = 0; i < hits; i++) {
      List<ContainerNode<?>> containers = new ArrayList<>();
      collect(json, containers);
      hit(containers.get(random.nextInt(containers.size())), random);
    }
    return json.toString();
  }

  /** The same of a line in a file of such. */
  static byte[] line(byte[] sound, SplittableRandom random) throws JsonProcessingException {
    List<String> lines = new ArrayList<>(text(sound).lines().toList());
    int victim = random.nextInt(lines.size());
    lines.set(victim, of(lines.get(victim), random));
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Those that hold something. */
  private static void collect(JsonNode json, List<ContainerNode<?>> found) {
    if (json instanceof ContainerNode<?> container && !container.isEmpty()) {
      found.add(container);
      json.forEach(child -> collect(child, found));
    }
  }

  private static void hit(ContainerNode<?> container, SplittableRandom random) {
    int at = random.nextInt(container.size());
    boolean remove = random.nextInt(4) == 0;
    var value = new RawValue(VALUES[random.nextInt(VALUES.length)]);
    if (container instanceof ObjectNode object) {
      String key = List.copyOf(object.propertyStream().toList()).get(at).getKey();
      if (remove) {
        object.remove(key);
      } else {
        object.putRawValue(key, value);
      }
    } else if (container instanceof ArrayNode array) {
      if (remove) {
        array.remove(at);
      } else {
        array.setRawValue(at, value);
      }
    }
  }
}
