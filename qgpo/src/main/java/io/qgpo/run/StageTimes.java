package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.Backend;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long the stages of a run took, over all processes that worked on it, and what share of the
 * machine's arithmetic they used. What a killed process did after its last checkpoint does not
 * count, neither its time nor its steps.
 */
final class StageTimes {
  /** Below it, seconds of compilation weigh too much for a share to mean anything. */
  private static final double SHORTEST_SECONDS = 20;

  private static final String SECONDS = "seconds";
  private static final String STEPS = "steps";
  private static final String FLOP = "flop";

  /** What a stage took. */
  private static final class Work {
    private double seconds;
    private long steps;
    private double flop;

    ObjectNode toJson() {
      return JsonFiles.object().put(SECONDS, seconds).put(STEPS, steps).put(FLOP, flop);
    }
  }

  private final Map<String, Work> stages = new LinkedHashMap<>();
  private final Backend backend;
  private Work current;
  private long since;
  private double secondsHere;
  private double peakGflops = Double.NaN;

  /**
   * @param backend that computes
   */
  StageTimes(Backend backend) {
    this.backend = backend;
  }

  /** Goes on from what {@link #state} told. */
  void restore(ObjectNode state, String file) {
    for (var entry : state.properties()) {
      ObjectNode json = JsonFiles.child(state, entry.getKey(), file);
      Work work = stages.computeIfAbsent(entry.getKey(), name -> new Work());
      work.seconds = JsonFiles.number(json, SECONDS, 0, Double.MAX_VALUE, file);
      work.steps = JsonFiles.count(json, STEPS, file);
      work.flop = JsonFiles.number(json, FLOP, 0, Double.MAX_VALUE, file);
    }
  }

  /** The time from here on is this stage's. */
  void begin(String stage) {
    count();
    current = stages.computeIfAbsent(stage, name -> new Work());
  }

  /**
   * The current stage has come on.
   *
   * @param steps updates, or states that got support actions
   * @param flop floating-point operations of these
   */
  void done(long steps, double flop) {
    current.steps += steps;
    current.flop += flop;
  }

  private void count() {
    long now = System.nanoTime();
    if (current != null) {
      double elapsed = (now - since) / 1e9;
      current.seconds += elapsed;
      secondsHere += elapsed;
    }
    since = now;
  }

  /** By stage, for the checkpoint. */
  ObjectNode state() {
    count();
    ObjectNode state = JsonFiles.object();
    stages.forEach((name, work) -> state.set(name, work.toJson()));
    return state;
  }

  /** The same with the machine's peak, for {@code timings.json}. */
  ObjectNode toJson() {
    ObjectNode json = JsonFiles.object().put("threads", backend.threads());
    if (Double.isNaN(peakGflops) && secondsHere > SHORTEST_SECONDS) {
      count();
      peakGflops = backend.peakGflops();
      since = System.nanoTime(); // that took a third of a second
    }
    if (!Double.isNaN(peakGflops)) {
      json.put("peakGflops", peakGflops);
    }
    json.set("stages", state());
    return json;
  }
}
