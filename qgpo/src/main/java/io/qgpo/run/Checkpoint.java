package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.io.NamedArray;
import java.util.Map;

/**
 * Everything a run needs to go on as if it had never stopped.
 *
 * @param step steps taken over all stages
 * @param state what is not an array: stage counters, random stream positions, length of the metrics
 * @param arrays parameters, optimiser moments and targets by name
 */
public record Checkpoint(long step, ObjectNode state, Map<String, NamedArray> arrays) {}
