package io.qgpo.data.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jhdf.api.WritableGroup;
import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import io.qgpo.tensor.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes a Minari folder: an episode ends at a terminal or a timeout, and the last one at the end
 * of the data. Its last observation is the recorded next one where that is known, and repeats the
 * one before where it is not, which {@code metadata.json} then says.
 */
final class MinariWriter {
  /** The layout's version: that with metadata.json. */
  private static final String MINARI_VERSION = "0.5.0";

  /** Infinite bounds are written as Python reads them. */
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  private final LoggedRows rows;
  private final boolean[] timeouts;
  private final RowArray next;
  private int episodes;

  /**
   * @param rows what to write
   * @param stepLimit where episodes time out, if the rows do not say
   */
  MinariWriter(LoggedRows rows, int stepLimit) {
    this.rows = rows;
    timeouts = rows.timeouts(stepLimit);
    next = rows.extra(D4rlLayout.NEXT_OBSERVATIONS).orElse(null);
  }

  /** Something to do with the file of episodes before it takes its place. */
  @FunctionalInterface
  interface Check {
    void accept(Path mainFile) throws IOException;
  }

  /**
   * Writes the folder. The metadata come last: without them the folder counts as no data set, so
   * that no reader sees old and new ones mixed.
   */
  void write(Path folder, Check check) throws IOException {
    Path data = folder.resolve(MinariFolder.DATA_FOLDER);
    Path metadata = data.resolve(MinariFolder.METADATA_FILE);
    Files.createDirectories(data);
    Files.deleteIfExists(metadata);
    AtomicFiles.writeAt(
        data.resolve(MinariFolder.MAIN_FILE),
        temporary -> {
          Hdf5Writer.write(temporary, this::putEpisodes);
          check.accept(temporary);
        });
    AtomicFiles.writeText(metadata, metadata(folder).toPrettyString() + "\n");
  }

  /** What the metadata say, as {@link MinariMetadata} reads it. */
  MinariMetadata metadata() {
    return new MinariMetadata(episodes, rows.size(), next == null);
  }

  private void putEpisodes(WritableGroup root) {
    episodes = 0;
    int from = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (timeouts[i] || rows.terminal(i) || i == rows.size() - 1) {
        putEpisode(root.putGroup(MinariEpisodes.EPISODE + episodes), from, i + 1);
        from = i + 1;
        episodes++;
      } else if (next != null) {
        checkNext(i);
      }
    }
  }

  /** Within an episode, one observation is both the next one and that of the following row. */
  private void checkNext(int row) {
    for (int c = 0; c < rows.observationSize(); c++) {
      if (Double.compare(next.at(row, c), rows.observation(row + 1, c)) != 0) {
        throw DataException.ofRow(
            rows.source().name(),
            D4rlLayout.NEXT_OBSERVATIONS,
            row,
            "the observation of the following row, as Minari keeps one for both",
            "another in column " + c);
      }
    }
  }

  private void putEpisode(WritableGroup group, int from, int to) {
    int steps = to - from;
    float[][] observations = Arrays.copyOf(Hdf5Writer.observations(rows, from, to), steps + 1);
    observations[steps] = last(observations[steps - 1], to - 1);
    byte[] terminations = new byte[steps];
    byte[] truncations = new byte[steps];
    for (int i = from; i < to; i++) {
      terminations[i - from] = (byte) (rows.terminal(i) ? 1 : 0);
      truncations[i - from] = (byte) (timeouts[i] ? 1 : 0);
    }
    group.putAttribute("id", episodes);
    group.putAttribute(MinariMetadata.STEPS, steps);
    Hdf5Writer.put(group, D4rlLayout.OBSERVATIONS, observations);
    Hdf5Writer.put(group, D4rlLayout.ACTIONS, Hdf5Writer.actions(rows, from, to));
    Hdf5Writer.put(group, D4rlLayout.REWARDS, Hdf5Writer.rewards(rows, from, to));
    Hdf5Writer.put(group, MinariEpisodes.TERMINATIONS, terminations);
    Hdf5Writer.put(group, MinariEpisodes.TRUNCATIONS, truncations);
    WritableGroup infos = null;
    for (var extra : rows.extras().entrySet()) {
      if (extra.getKey().startsWith(D4rlLayout.INFOS)) {
        infos = infos == null ? group.putGroup("infos") : infos;
        Hdf5Writer.put(
            infos,
            extra.getKey().substring(D4rlLayout.INFOS.length()),
            Hdf5Writer.values(extra.getValue(), from, to));
      }
    }
  }

  private float[] last(float[] before, int row) {
    if (next == null) {
      return before.clone();
    }
    float[] out = new float[before.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = (float) next.at(row, c);
    }
    return out;
  }

  private ObjectNode metadata(Path folder) throws JsonProcessingException {
    ObjectNode json =
        JSON.createObjectNode()
            .put("dataset_id", identifier(folder))
            .put(MinariMetadata.EPISODES, episodes)
            .put(MinariMetadata.STEPS, rows.size())
            .put(MinariMetadata.FORMAT, "hdf5")
            .put("minari_version", MINARI_VERSION)
            .put("observation_space", box(rows.observationSize()))
            .put("action_space", box(rows.actionSize()))
            .put("description", "Converted from " + rows.source().name());
    if (next == null) {
      json.put(MinariMetadata.FINALS, MinariMetadata.REPEATED);
    }
    return json;
  }

  /** The path below Minari's root, which it takes for the identifier, or else the folder's name. */
  private static String identifier(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path root = MinariFolder.root().toAbsolutePath().normalize();
    return absolute.startsWith(root) && !absolute.equals(root)
        ? root.relativize(absolute).toString().replace('\\', '/')
        : String.valueOf(absolute.getFileName());
  }

  /**
   * The whole of R^n, as Minari writes it: bounds are not recorded. Its JSON has Python's words.
   */
  private static String box(int size) throws JsonProcessingException {
    ObjectNode box = JSON.createObjectNode().put("type", "Box").put("dtype", "float32");
    box.putArray("shape").add(size);
    ArrayNode low = box.putArray("low");
    ArrayNode high = box.putArray("high");
    for (int i = 0; i < size; i++) {
      low.add(Float.NEGATIVE_INFINITY);
      high.add(Float.POSITIVE_INFINITY);
    }
    return JSON.writeValueAsString(box);
  }
}
