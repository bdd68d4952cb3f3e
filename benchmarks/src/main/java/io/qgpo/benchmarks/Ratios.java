package io.qgpo.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a comparison is held against later: ratios alone, which other machines and minutes share
 * with these more than times.
 *
 * @param date when they were measured
 * @param machine processor, threads, system
 * @param ratios our time over the fastest peer's, by case
 */
public record Ratios(String date, String machine, Map<String, Double> ratios) {
  /**
   * Reads what {@code compare} wrote.
   *
   * @throws IllegalStateException if it is not there or something else, in one sentence
   */
  static Ratios read(Path file) {
    String found;
    try {
      Ratios read = new ObjectMapper().readValue(file.toFile(), Ratios.class);
      if (read.ratios != null && !read.ratios.isEmpty() && !read.ratios.containsValue(null)) {
        return read;
      }
      found = "none";
    } catch (FileNotFoundException e) {
      found = "no such file";
    } catch (IOException e) {
      found = "what is no JSON of them";
    }
    throw new IllegalStateException(
        "compare: --guard: " + file + ": expected ratios of an earlier comparison, found " + found);
  }

  /** Those of a comparison; cases without a peer have none. */
  static Ratios of(Comparison comparison) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Comparison.Line line : comparison.lines()) {
      if (line.peer() != null) {
        ratios.put(line.name(), Math.rint(1000 * line.ratio()) / 1000);
      }
    }
    return new Ratios(comparison.date(), comparison.machine(), ratios);
  }

  /**
   * The cases that are slower than here or are not here, in words.
   *
   * @param band how much a ratio may be above the one here, in parts of it
   */
  List<String> faults(Comparison later, double band) {
    List<String> faults = new ArrayList<>();
    for (Comparison.Line line : later.lines()) {
      Double before = ratios.get(line.name());
      if (line.peer() == null) {
        continue;
      }
      if (before == null) {
        faults.add(
            "not compared: %s: ratio %.3f, and none of %s is kept: copy this comparison's there"
                .formatted(line.name(), line.ratio(), date));
      } else if (line.ratio() > before * (1 + band)) {
        faults.add(
            "slower than before: %s: ratio %.3f, was %.3f, and %.0f %% above it are allowed"
                .formatted(line.name(), line.ratio(), before, 100 * band));
      }
    }
    if (!faults.isEmpty() && !machine.equals(later.machine())) {
      faults.add(
          "what is kept is of another machine: %s, this is %s".formatted(machine, later.machine()));
    }
    return faults;
  }
}
