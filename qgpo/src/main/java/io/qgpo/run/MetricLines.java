package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.Histogram;
import io.qgpo.algorithm.SupportDispersion;
import io.qgpo.algorithm.ValueDistributions;
import java.util.stream.DoubleStream;

/** Lines of the metrics that hold more than a few numbers. */
final class MetricLines {
  private MetricLines() {}

  /** How the support actions are spread. */
  static ObjectNode dispersion(long rows, SupportDispersion dispersion) {
    ObjectNode line = Metrics.line(Stages.SUPPORT, rows);
    put(line, "mean", dispersion.supportMean());
    put(line, "sd", dispersion.supportSd());
    put(line, "dataMean", dispersion.dataMean());
    put(line, "dataSd", dispersion.dataSd());
    return line.put("outside", dispersion.outside());
  }

  /** How Q and energy are distributed. */
  static ObjectNode distributions(long step, ValueDistributions values) {
    ObjectNode line = Metrics.line(Stages.DISTRIBUTIONS, step);
    put(line, "dataQ", values.dataQ());
    put(line, "supportQ", values.supportQ());
    put(line, "betaQ", values.betaQ());
    put(line, "energy", values.energy());
    return line;
  }

  private static void put(ObjectNode line, String key, Histogram histogram) {
    ObjectNode json = line.putObject(key);
    json.put("low", histogram.low()).put("high", histogram.high());
    put(json, "shares", histogram.shares());
  }

  private static void put(ObjectNode line, String key, double[] values) {
    DoubleStream.of(values).forEach(line.putArray(key)::add);
  }
}
