package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.SafeTensors;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: one file each, {@code step-000123.safetensors}, with the state as JSON
 * in its metadata and a checksum over every byte. Being one file, a checkpoint is there or not,
 * never half; the last few are kept, so that a damaged one costs no more than the steps between.
 */
public final class Checkpoints {
  private static final Pattern FILE_NAME = Pattern.compile("step-([0-9]{6,18})\\.safetensors");
  private static final String BEST_FILE = "best.safetensors";
  private static final String FORMAT = "qgpo checkpoint 1";
  private static final Set<String> METADATA_KEYS =
      Collections.unmodifiableSet(new TreeSet<>(Set.of("format", "step", "state")));

  private final Path folder;
  private final int keep;
  private final Consumer<String> messages;

  /**
   * @param folder where the files are, which exists
   * @param keep how many {@link #save} leaves, at least 1
   * @param messages takes one sentence for each unusable checkpoint that {@link #latest} passes
   *     over
   */
  public Checkpoints(Path folder, int keep, Consumer<String> messages) {
    if (keep < 1) {
      throw new IllegalArgumentException("Checkpoints: expected keep >= 1, found " + keep);
    }
    this.folder = folder;
    this.keep = keep;
    this.messages = messages;
  }

  /**
   * Saves atomically, then deletes all but the last ones. Checkpoints of later steps are deleted
   * too: they belong to a course of the run that was given up.
   *
   * @param step steps taken over all stages
   * @throws TensorFileException if the file cannot be written; the older ones are then still there
   */
  public void save(long step, ObjectNode state, Collection<NamedArray> arrays) {
    if (step < 0) {
      throw new IllegalArgumentException(
          "Checkpoints.save: expected step >= 0, found " + step + "; pass the steps taken so far.");
    }
    SafeTensors.writeChecksummed(
        folder.resolve("step-%06d.safetensors".formatted(step)), arrays, metadata(step, state));
    int older = 0;
    for (var file : newestFirst(folder)) {
      if (file.step() > step || (file.step() < step && ++older >= keep)) {
        delete(file.path());
      }
    }
  }

  /**
   * Saves atomically as the best so far; {@link #save} leaves it alone.
   *
   * @param step steps taken over all stages
   * @throws TensorFileException if the file cannot be written; the one before is then still there
   */
  public void saveBest(long step, ObjectNode state, Collection<NamedArray> arrays) {
    SafeTensors.writeChecksummed(folder.resolve(BEST_FILE), arrays, metadata(step, state));
  }

  /**
   * What {@link #saveBest} saved last.
   *
   * @return empty if nothing
   * @throws TensorFileException if it is damaged
   */
  public Optional<Checkpoint> best() {
    Path file = folder.resolve(BEST_FILE);
    return Files.exists(file) ? Optional.of(load(file, OptionalLong.empty())) : Optional.empty();
  }

  /**
   * The newest checkpoint that is whole.
   *
   * @return empty if there is no checkpoint at all
   * @throws RunException if there are some and every one is damaged
   */
  public Optional<Checkpoint> latest() {
    List<StepFile> files = newestFirst(folder);
    for (var file : files) {
      try {
        return Optional.of(load(file.path(), OptionalLong.of(file.step())));
      } catch (TensorFileException e) {
        messages.accept("Skipping an unusable checkpoint. " + e.getMessage());
      }
    }
    if (!files.isEmpty()) {
      throw new RunException(
          "No checkpoint in %s can be used: put one back from a copy, or delete all that are there,"
                  .formatted(folder)
              + " and 'train --resume' takes the run from its beginning.");
    }
    return Optional.empty();
  }

  /**
   * The steps, over all stages, of the newest checkpoint in a folder, by its name: whether it is
   * whole is not looked at.
   *
   * @return empty if there is none, or no such folder
   */
  public static OptionalLong newestStep(Path folder) {
    return Files.isDirectory(folder)
        ? newestFirst(folder).stream().mapToLong(StepFile::step).findFirst()
        : OptionalLong.empty();
  }

  private record StepFile(long step, Path path) {}

  private static Map<String, String> metadata(long step, ObjectNode state) {
    var metadata =
        new TreeMap<String, String>(); // one order, so that equal states give equal files
    metadata.put("format", FORMAT);
    metadata.put("step", Long.toString(step));
    metadata.put("state", state.toString());
    return metadata;
  }

  /**
   * @param expectedStep that the file's name tells, if it does
   */
  private static Checkpoint load(Path file, OptionalLong expectedStep) {
    SafeTensors content = SafeTensors.readChecksummed(file);
    Map<String, String> metadata = content.metadata();
    String name = file.toString();
    if (!metadata.keySet().equals(METADATA_KEYS)) {
      throw TensorFileException.content(
          name,
          "metadata",
          "the keys " + METADATA_KEYS,
          TensorFileException.quote(metadata.keySet().toString()));
    }
    require(metadata, "format", FORMAT, name);
    if (expectedStep.isPresent()) {
      require(metadata, "step", Long.toString(expectedStep.getAsLong()), name);
    }
    return new Checkpoint(
        step(metadata.get("step"), name),
        JsonFiles.parse(metadata.get("state"), name, "metadata 'state'"),
        content.arrays());
  }

  private static long step(String text, String file) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw TensorFileException.content(
          file, "metadata 'step'", "a whole number", TensorFileException.quote(text));
    }
  }

  private static void require(
      Map<String, String> metadata, String key, String expected, String file) {
    if (!metadata.get(key).equals(expected)) {
      throw TensorFileException.content(
          file,
          "metadata '" + key + "'",
          TensorFileException.quote(expected),
          TensorFileException.quote(metadata.get(key)));
    }
  }

  private static List<StepFile> newestFirst(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .flatMap(Checkpoints::stepFile)
          .sorted(Comparator.comparingLong(StepFile::step).reversed())
          .toList();
    } catch (IOException e) {
      throw TensorFileException.io(folder, "list", e);
    }
  }

  private static Stream<StepFile> stepFile(Path path) {
    Matcher name = FILE_NAME.matcher(path.getFileName().toString());
    return name.matches()
        ? Stream.of(new StepFile(Long.parseLong(name.group(1)), path))
        : Stream.empty();
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw TensorFileException.io(file, "delete", e);
    }
  }
}
