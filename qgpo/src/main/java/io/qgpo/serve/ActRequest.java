package io.qgpo.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.TrainedPolicy;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a body of POST /act asks for.
 *
 * @param states [count * stateSize], row by row
 * @param count how many
 * @param single whether one state was given by itself, and one action is the answer
 * @param guidanceScale 1 unless given
 * @param seed of the noise; empty: whatever comes next
 */
record ActRequest(
    float[] states, int count, boolean single, double guidanceScale, OptionalLong seed) {
  /** As many as a batch holds. */
  static final int MOST_STATES = 1024;

  private static final Set<String> KEYS = Set.of("state", "states", "guidance", "seed");

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a body.
   *
   * @throws RequestException with status 400 if it is not what it should be
   */
  static ActRequest parse(byte[] body, int stateSize) {
    JsonNode json = tree(body);
    if (!json.isObject()) {
      throw bad("expected a JSON object with 'state' or 'states'");
    }
    json.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw bad("expected the keys state or states, guidance, seed; found another");
              }
            });
    boolean single = json.has("state");
    if (single == json.has("states")) {
      throw bad("expected one of 'state' (a list of numbers) and 'states' (a list of such lists)");
    }
    JsonNode given = json.get(single ? "state" : "states");
    if (!given.isArray()) {
      throw bad("'%s': expected a list".formatted(single ? "state" : "states"));
    }
    int count = single ? 1 : given.size();
    if (count < 1 || count > MOST_STATES) {
      throw bad("'states': expected 1 to %d lists, found %d".formatted(MOST_STATES, count));
    }
    float[] states = new float[count * stateSize];
    for (int i = 0; i < count; i++) {
      read(single ? given : given.get(i), states, i, stateSize);
    }
    return new ActRequest(states, count, single, guidance(json), seed(json));
  }

  private static JsonNode tree(byte[] body) {
    try {
      return STRICT.readTree(body);
    } catch (JsonProcessingException e) {
      throw bad("expected JSON, found otherwise at " + place(e));
    } catch (IOException e) {
      throw bad("expected JSON, found " + e.getMessage());
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? "its end"
        : "line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private static void read(JsonNode state, float[] states, int row, int stateSize) {
    if (!state.isArray() || state.size() != stateSize) {
      throw bad(
          "state %d: expected a list of %d numbers, found %s"
              .formatted(row, stateSize, state.isArray() ? state.size() : "no list"));
    }
    for (int i = 0; i < stateSize; i++) {
      float value = state.get(i).floatValue();
      if (!state.get(i).isNumber() || !Float.isFinite(value)) {
        throw bad("state %d: expected finite numbers, found none at %d".formatted(row, i));
      }
      states[row * stateSize + i] = value;
    }
  }

  private static double guidance(JsonNode json) {
    JsonNode given = json.get("guidance");
    if (given == null) {
      return 1;
    }
    if (!given.isNumber() || !TrainedPolicy.isGuidanceScale(given.asDouble())) {
      throw bad("'guidance': expected a number from 0 to 1000");
    }
    return given.asDouble() + 0.0; // of -0, 0
  }

  private static OptionalLong seed(JsonNode json) {
    JsonNode given = json.get("seed");
    if (given == null) {
      return OptionalLong.empty();
    }
    if (!given.isIntegralNumber() || !given.canConvertToLong()) {
      throw bad("'seed': expected a whole number of 64 bits");
    }
    return OptionalLong.of(given.asLong());
  }

  private static RequestException bad(String sentence) {
    return new RequestException(400, sentence);
  }

  /** The answer's body. */
  byte[] answer(float[] actions) {
    ObjectNode json = STRICT.createObjectNode();
    int size = actions.length / count;
    if (single) {
      put(json.putArray("action"), actions, 0, size);
    } else {
      ArrayNode rows = json.putArray("actions");
      for (int i = 0; i < count; i++) {
        put(rows.addArray(), actions, i * size, size);
      }
    }
    return bytes(json);
  }

  private static void put(ArrayNode array, float[] actions, int from, int size) {
    for (int i = 0; i < size; i++) {
      array.add(actions[from + i]);
    }
  }

  /** An object to be answered with. */
  static ObjectNode object() {
    return STRICT.createObjectNode();
  }

  /** Its text. */
  static byte[] bytes(ObjectNode json) {
    try {
      return STRICT.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
