package io.qgpo.benchmarks.gpu;

import java.util.List;
import java.util.Locale;

/**
 * The page of results, in Markdown.
 *
 * @param origin commit of the bundle
 */
record Page(
    String origin,
    Machine machine,
    List<Part> parts,
    List<Figure> figures,
    List<ProductRate> products) {

  /** The whole page. */
  String text() {
    StringBuilder text = new StringBuilder("# What `./run gpu-check` found\n\n");
    table(text, "| | |", "|---|---|");
    line(text, "| commit | " + origin + " |");
    machine.rows().forEach(row -> line(text, row));
    if (!machine.hasGpu()) {
      line(text, "");
      line(text, "No GPU can be used here: the tests ran on the emulator, and nothing was timed.");
    }
    heading(text, "What ran");
    table(text, "| part | outcome | seconds | found |", "|---|---|---|---|");
    for (Part part : parts) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "| %s | %s | %.0f | %s |",
              part.name(),
              part.outcome(),
              part.seconds(),
              cell(part.found())));
    }
    if (machine.hasGpu()) {
      goals(text);
      steps(text);
      kernels(text);
    }
    return text.toString();
  }

  private void goals(StringBuilder text) {
    heading(text, "Goals");
    table(text, "| figure | ours | beside | ratio | goal | |", "|---|---|---|---|---|---|");
    for (Goal goal : Goal.all(figures, products)) {
      line(
          text,
          "| %s | %s | %s | %s | %s | %s |"
              .formatted(
                  goal.what(),
                  goal.ours(),
                  goal.beside(),
                  Goal.decimals(goal.ratio()),
                  goal.wanted(),
                  goal.verdict()));
    }
  }

  private void steps(StringBuilder text) {
    heading(text, "Steps");
    line(
        text, "Medians of 7 rounds, ms, least to greatest. \"eager\" and \"graph\" are PyTorch's;");
    line(
        text,
        "\"graph\" is torch.compile and the whole step in one CUDA graph; \"cublas\" is ours");
    line(text, "with --cublas.\n");
    table(text, "| step | precision | form | ms | |", "|---|---|---|---|---|");
    figures.forEach(figure -> line(text, figure.line()));
  }

  private void kernels(StringBuilder text) {
    heading(text, "Kernels");
    machine.latencies().forEach(found -> line(text, "- " + found));
    line(text, "");
    table(
        text, "| product | precision | ours, TFLOP/s | cuBLAS | ratio |", "|---|---|---|---|---|");
    for (ProductRate rate : products) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "| %s | %s | %.2f | %.2f | %s |",
              rate.product(),
              rate.precision(),
              rate.ours(),
              rate.cublas(),
              Goal.decimals(rate.ratio())));
    }
  }

  private static void heading(StringBuilder text, String heading) {
    line(text, "\n## " + heading + "\n");
  }

  private static void table(StringBuilder text, String head, String rule) {
    line(text, head);
    line(text, rule);
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  /** What stands in a table must not end a cell. */
  private static String cell(String found) {
    return found.replace("|", "\\|");
  }
}
