package io.qgpo.toy;

import io.qgpo.report.HtmlPage;
import java.util.List;
import java.util.Locale;

/** What an experiment came to, as a page that needs nothing but itself. */
final class ToyPage {
  private ToyPage() {}

  static String html(ToyExperiment.Plan plan, List<ToyRun> runs) {
    var page = new HtmlPage("QGPO toys");
    page.paragraph(
        "Preset %s, %d updates of each network; %d points by the %s sampler in %d evaluations."
            .formatted(
                plan.settings().name(),
                plan.settings().steps(),
                plan.samples(),
                plan.sampler().kind().name().toLowerCase(Locale.ROOT),
                plan.sampler().evaluations()));
    List<ToyResult> results = runs.stream().flatMap(run -> run.results().stream()).toList();
    page.heading("Distance from the truth");
    page.table(ToyTable.metrics(results));
    page.paragraph(
        "In brackets: times the floor, which is the mean error of the truth against the truth.");
    List<List<String>> fields = ToyTable.fields(results);
    if (!fields.isEmpty()) {
      page.heading("Learnt fields against the exact ones");
      page.table(fields);
    }
    for (ToyRun run : runs) {
      page.heading("%s, seed %d".formatted(run.set().name(), run.seed()));
      page.picture(caption(run), theme -> ToyPicture.png(run, theme));
    }
    return page.text();
  }

  private static String caption(ToyRun run) {
    return String.format(
        Locale.ROOT,
        "To the left the data, coloured by e from 0 (blue) to 1 (orange), and the log-density of"
            + " the behaviour's score, whose integral over the square is %.3f. Then for each beta"
            + " the truth, and below it the guided samples of each method.",
        run.density().mass());
  }
}
