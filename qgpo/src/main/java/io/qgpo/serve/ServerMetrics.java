package io.qgpo.serve;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** What GET /metrics tells, in Prometheus' text format. */
final class ServerMetrics {
  /** From a lone state on a large machine to a queue that is full on a small one, in seconds. */
  private static final double[] LATENCIES = {
    .001, .002, .005, .01, .015, .02, .03, .05, .1, .2, .5, 1, 2, 5
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("qgpo_requests_total")
          .help("Requests answered, by HTTP status.")
          .labelNames("code")
          .withoutExemplars()
          .register(registry);
  private final Counter actions =
      Counter.builder()
          .name("qgpo_actions_total")
          .help("Actions drawn.")
          .withoutExemplars()
          .register(registry);
  private final Counter batches =
      Counter.builder()
          .name("qgpo_batches_total")
          .help("Batches computed: actions / batches is how many are drawn at once.")
          .withoutExemplars()
          .register(registry);
  private final Gauge waiting =
      Gauge.builder()
          .name("qgpo_waiting_states")
          .help("States that wait to be computed.")
          .register(registry);
  private final Histogram latency =
      Histogram.builder()
          .name("qgpo_act_seconds")
          .help("From the body read to the actions drawn.")
          .classicOnly()
          .withoutExemplars()
          .classicUpperBounds(LATENCIES)
          .register(registry);

  void answered(int status) {
    requests.labelValues(Integer.toString(status)).inc();
  }

  void acted(double seconds) {
    latency.observe(seconds);
  }

  void batch(int count) {
    actions.inc(count);
    batches.inc();
  }

  void waiting(int states) {
    waiting.set(states);
  }

  byte[] text() throws IOException {
    var out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
    return out.toByteArray();
  }

  String contentType() {
    return PrometheusTextFormatWriter.CONTENT_TYPE;
  }
}
