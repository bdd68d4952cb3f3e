package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a checkpoint says besides its tensors.
 *
 * @param behaviour updates of the behaviour model
 * @param guidance updates of critic and energy
 * @param metrics how long the metrics were
 * @param bestReturn the best mean return of an evaluation on the way; negative infinity for none
 * @param evaluationDue whether the run was stopped in the evaluation that comes after these updates
 * @param times of the stages until then; empty in runs that are older than this
 */
record RunState(
    long behaviour,
    long guidance,
    Metrics.Lengths metrics,
    double bestReturn,
    boolean evaluationDue,
    ObjectNode times) {
  /** Of a run that has done nothing yet. */
  static final RunState START =
      new RunState(0, 0, Metrics.Lengths.NONE, Double.NEGATIVE_INFINITY, false, JsonFiles.object());

  private static final String BEHAVIOUR = "behaviour";
  private static final String GUIDANCE = "guidance";
  private static final String METRICS_BYTES = "metricsBytes";
  private static final String EVENTS_BYTES = "eventsBytes";
  private static final String BEST_RETURN = "bestReturn";
  private static final String EVALUATION_DUE = "evaluationDue";
  private static final String TIMES = "times";

  /** For the checkpoint. */
  ObjectNode toJson() {
    ObjectNode json =
        JsonFiles.object()
            .put(BEHAVIOUR, behaviour)
            .put(GUIDANCE, guidance)
            .put(METRICS_BYTES, metrics.lines())
            .put(EVENTS_BYTES, metrics.events());
    if (Double.isFinite(bestReturn)) {
      json.put(BEST_RETURN, bestReturn);
    }
    if (evaluationDue) {
      json.put(EVALUATION_DUE, true);
    }
    json.set(TIMES, times);
    return json;
  }

  /**
   * Reads what {@link #toJson} writes, and what it wrote when it knew less.
   *
   * @param file for messages
   */
  static RunState of(ObjectNode json, String file) {
    return new RunState(
        (long) JsonFiles.number(json, BEHAVIOUR, file),
        (long) JsonFiles.number(json, GUIDANCE, file),
        new Metrics.Lengths(
            (long) JsonFiles.number(json, METRICS_BYTES, file),
            json.has(EVENTS_BYTES) ? (long) JsonFiles.number(json, EVENTS_BYTES, file) : 0),
        json.has(BEST_RETURN)
            ? JsonFiles.number(json, BEST_RETURN, file)
            : Double.NEGATIVE_INFINITY,
        json.path(EVALUATION_DUE).booleanValue(),
        json.has(TIMES) ? JsonFiles.child(json, TIMES, file) : JsonFiles.object());
  }
}
