package io.qgpo.benchmarks;

import java.util.Locale;
import java.util.Map;

/** A comparison as a page of its own, with a bar for each case. */
final class ComparisonPage {
  /** Bars are cut off at this speed. */
  private static final double MOST_TIMES_FASTER = 4;

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; }
      th, td { padding: .15rem .6rem; text-align: right; white-space: nowrap; }
      th:first-child, td:first-child, td.peer { text-align: left; }
      .track { position: relative; width: 16rem; height: .9rem; background: #8883; }
      .bar { height: 100%%; background: #009E73; }
      .bar.slower { background: #D55E00; }
      .even { position: absolute; left: 25%%; top: -.15rem; bottom: -.15rem; border-left: 2px solid; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      </style></head><body>
      <h1>%1$s</h1>
      """;

  private ComparisonPage() {}

  static String html(Comparison comparison) {
    StringBuilder page = new StringBuilder();
    page.append(HEAD.formatted("Benchmarks: " + comparison.group()));
    page.append(
        "<p>%s, %d threads, %s. Peak %.1f GFLOP/s; %s. Medians over %d rounds, each library in processes of its own, by turns. Others took up to %.0f %% of the machine, and more than 2 %% during %d timings.</p>%n"
            .formatted(
                escape(comparison.machine()),
                comparison.threads(),
                comparison.date(),
                comparison.peakGflops(),
                comparison.bandwidth().words(),
                comparison.rounds().size(),
                100 * comparison.otherWork(),
                comparison.disturbed()));
    page.append(
        "<div class=\"wide\"><table><tr><th>case</th><th>ours, ms</th><th>fastest peer,"
            + " ms</th><th></th><th>ratio</th><th>in rounds</th><th>of"
            + " peak</th><th>GB/s</th><th>how many times faster than the peer: the line is 1, the"
            + " end 4</th></tr>\n");
    comparison.lines().forEach(line -> page.append(row(line, comparison.peakGflops())));
    page.append("</table></div>\n<h2>How each was started</h2>\n<pre>");
    for (Map.Entry<String, String> command : comparison.commands().entrySet()) {
      page.append(escape(command.getKey() + ": " + command.getValue())).append('\n');
    }
    return page.append("</pre></body></html>\n").toString();
  }

  private static String row(Comparison.Line line, double peak) {
    String share = line.gflops() == 0 ? "" : number("%.2f", line.gflops() / peak);
    String gbs = line.gbs() == 0 ? "" : number("%.1f", line.gbs());
    if (line.peer() == null) {
      return "<tr><td>%s</td><td>%s</td><td></td><td></td><td></td><td></td><td>%s</td><td>%s</td><td></td></tr>%n"
          .formatted(escape(line.name()), number("%.4f", line.oursMs()), share, gbs);
    }
    double faster = Math.min(MOST_TIMES_FASTER, 1 / line.ratio());
    return "<tr><td>%s</td><td>%s</td><td>%s</td><td class=\"peer\">%s</td><td>%s</td><td>%s to %s</td><td>%s</td><td>%s</td><td><div class=\"track\"><div class=\"bar%s\" style=\"width:%s%%\"></div><div class=\"even\"></div></div></td></tr>%n"
        .formatted(
            escape(line.name()),
            number("%.4f", line.oursMs()),
            number("%.4f", line.peerMs()),
            escape(line.peer()),
            number("%.3f", line.ratio()),
            number("%.3f", line.smallest()),
            number("%.3f", line.largest()),
            share,
            gbs,
            line.ratio() > 1 ? " slower" : "",
            number("%.1f", 100 * faster / MOST_TIMES_FASTER));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
