package io.qgpo.data.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jhdf.api.Attribute;
import io.qgpo.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is said about a Minari data set: by {@code metadata.json} from Minari 0.5 on, before that by
 * the attributes of the HDF5 root group.
 *
 * @param episodes how many there must be; -1 where it is not said
 * @param steps how many there must be in all; -1 where it is not said
 * @param finalsRepeated whether the observation after each episode's last step was unknown to who
 *     wrote the set, and repeats the one before
 */
record MinariMetadata(long episodes, long steps, boolean finalsRepeated) {
  /** Nothing is said. */
  static final MinariMetadata NONE = new MinariMetadata(-1, -1, false);

  static final String EPISODES = "total_episodes";
  static final String STEPS = "total_steps";
  static final String FORMAT = "data_format";

  /** Ours: says that an episode's last observation is not a recorded one. */
  static final String FINALS = "final_observations";

  static final String REPEATED = "repeated";

  /** The spaces of an environment with thousands of observations take some 100 kB. */
  private static final long LONGEST = 16 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Reads {@code metadata.json}. */
  static MinariMetadata read(Path file, String name) throws IOException {
    String place = name + ", " + MinariFolder.METADATA_FILE;
    long size = Files.size(file);
    if (size > LONGEST) {
      throw DataException.ofFile(place, "at most " + LONGEST + " bytes", size + " bytes");
    }
    JsonNode json;
    try {
      json = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw DataException.ofFile(
              place, "a JSON object", "other text (" + e.getOriginalMessage() + ")")
          .causedBy(e);
    }
    if (!json.isObject()) {
      throw DataException.ofFile(place, "a JSON object", "other JSON");
    }
    String format = json.path(FORMAT).asText("hdf5");
    if (!format.equals("hdf5")) {
      throw DataException.ofKey(place, FORMAT, "hdf5", format + ", which cannot be read");
    }
    return new MinariMetadata(
        count(place, EPISODES, json),
        count(place, STEPS, json),
        json.path(FINALS).asText().equals(REPEATED));
  }

  private static long count(String place, String key, JsonNode json) {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      return -1;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw DataException.ofKey(place, key, "a whole number from 0 up", value.toString());
    }
    return value.longValue();
  }

  /** Reads the attributes of the HDF5 root group. */
  static MinariMetadata ofAttributes(Hdf5Group root) {
    return new MinariMetadata(count(root, EPISODES), count(root, STEPS), false);
  }

  private static long count(Hdf5Group root, String key) {
    Attribute attribute = root.node().getAttributes().get(key);
    if (attribute == null) {
      throw DataException.ofKey(
          root.file(), key, "this attribute, or a file " + MinariFolder.METADATA_FILE, "neither");
    }
    Object value = attribute.getSize() == 1 ? attribute.getData() : null;
    long count =
        switch (value) {
          case Long v -> v;
          case Integer v -> v;
          case long[] v when v.length == 1 -> v[0];
          case int[] v when v.length == 1 -> v[0];
          case null, default -> -1;
        };
    if (count < 0) {
      throw DataException.ofKey(root.file(), key, "a whole number from 0 up", "something else");
    }
    return count;
  }
}
