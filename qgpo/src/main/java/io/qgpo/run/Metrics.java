package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.tensorboard.EventRecords;
import io.qgpo.tensor.io.AtomicFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The metrics of a run: {@code metrics.jsonl}, one JSON object a line, and the same numbers as
 * TensorBoard's events. Both are only ever appended to; resuming cuts them to the lengths that the
 * checkpoint stores, so that no step appears twice.
 */
public final class Metrics implements AutoCloseable {
  private static final String STAGE = "stage";
  private static final String STEP = "step";

  /** Of a line of returns: the stage that is being trained. */
  static final String OF = "of";

  /** Of a line of returns: the guidance scale. */
  static final String GUIDANCE = "guidance";

  private final Path lineFile;
  private final AppendedFile lines;
  private final AppendedFile events;

  private Metrics(Path lineFile, AppendedFile lines, AppendedFile events) {
    this.lineFile = lineFile;
    this.lines = lines;
    this.events = events;
  }

  /**
   * How long both files are.
   *
   * @param lines bytes of the lines
   * @param events bytes of the events
   */
  public record Lengths(long lines, long events) {
    /** Of a new run. */
    public static final Lengths NONE = new Lengths(0, 0);
  }

  /**
   * Opens both files at lengths that {@link #sync} told, and drops everything after them.
   *
   * @param lineFile the lines
   * @param eventFile the events, which are for looking only: if it is gone, or shorter, it begins
   *     anew
   * @param keep bytes to keep, {@link Lengths#NONE} for a new run
   * @throws TensorFileException if the file of lines is shorter, or no line ends there
   */
  public static Metrics open(Path lineFile, Path eventFile, Lengths keep) {
    AppendedFile lines = openLines(lineFile, keep.lines());
    try {
      return new Metrics(lineFile, lines, openEvents(eventFile, keep.events()));
    } catch (RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  private static AppendedFile openLines(Path file, long length) {
    if (length == 0) {
      AtomicFiles.writeText(file, ""); // makes the file's name durable too
    }
    AppendedFile lines = AppendedFile.open(file);
    try {
      checkLineEnds(file, lines, length);
      lines.cutTo(length);
      return lines;
    } catch (RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  private static void checkLineEnds(Path file, AppendedFile lines, long length) {
    if (length < 0 || length > lines.size()) {
      throw TensorFileException.content(
          file.toString(),
          "size",
          "at least the " + length + " bytes of the checkpoint",
          lines.size() + " bytes");
    }
    if (length > 0 && lines.at(length - 1) != '\n') {
      throw TensorFileException.content(
          file.toString(), "byte " + (length - 1), "the end of a line", "the middle of one");
    }
  }

  private static AppendedFile openEvents(Path file, long length) {
    if (length > 0 && Files.isRegularFile(file)) {
      AppendedFile events = AppendedFile.open(file);
      if (length <= events.size()) {
        events.cutTo(length);
        return events;
      }
      events.close();
    }
    AtomicFiles.write(file, out -> out.write(EventRecords.head(seconds())));
    AppendedFile events = AppendedFile.open(file);
    events.cutTo(events.size());
    return events;
  }

  /**
   * A line to be filled with values and appended.
   *
   * @param stage as in "behaviour"
   * @param step steps taken in that stage
   */
  public static ObjectNode line(String stage, long step) {
    return JsonFiles.object().put(STAGE, stage).put(STEP, step);
  }

  /**
   * Appends one line, and its numbers as events.
   *
   * @throws TensorFileException if the disk is full
   */
  public synchronized void append(ObjectNode line) {
    lines.append((line + "\n").getBytes(StandardCharsets.UTF_8));
    Map<String, Double> scalars = scalars(line);
    if (!scalars.isEmpty()) {
      events.append(EventRecords.scalars(seconds(), line.path(STEP).longValue(), scalars));
    }
  }

  /**
   * Whether there is a line of this stage.
   *
   * @throws TensorFileException if the file cannot be read
   */
  public boolean has(String stage) {
    String start = line(stage, 0).toString().replaceFirst("0}$", "");
    try (Stream<String> all = Files.lines(lineFile)) {
      return all.anyMatch(line -> line.startsWith(start));
    } catch (IOException | UncheckedIOException e) {
      throw TensorFileException.io(lineFile, "read", e);
    }
  }

  /** The numbers of a line, in the group of its stage; returns are told apart by guidance scale. */
  private static Map<String, Double> scalars(ObjectNode line) {
    String guidance = line.has(GUIDANCE) ? " at guidance " + line.path(GUIDANCE).asText() : "";
    String of = line.has(OF) ? " after " + line.path(OF).asText() : "";
    Map<String, Double> scalars = new LinkedHashMap<>();
    for (var entry : line.properties()) {
      String key = entry.getKey();
      if (entry.getValue().isNumber() && !key.equals(STEP) && !key.equals(GUIDANCE)) {
        scalars.put(
            line.path(STAGE).asText() + of + "/" + key + guidance, entry.getValue().doubleValue());
      }
    }
    return scalars;
  }

  private static double seconds() {
    return System.currentTimeMillis() / 1e3;
  }

  /**
   * Makes all lines durable.
   *
   * @return the lengths, to be stored in the checkpoint and given to {@link #open}
   */
  public synchronized Lengths sync() {
    return new Lengths(lines.sync(), events.sync());
  }

  @Override
  public void close() {
    lines.close();
    events.close();
  }
}
