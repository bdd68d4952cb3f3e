package io.qgpo.cli;

import io.qgpo.report.ComparePage;
import io.qgpo.report.ComparedRuns;
import io.qgpo.report.ReturnSeries;
import io.qgpo.report.ReturnSeries.Point;
import io.qgpo.report.ReturnsPicture;
import io.qgpo.tensor.io.AtomicFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts several runs side by side. */
@Command(
    name = "compare",
    description = {
      "Shows the returns of several runs side by side: a row for each guidance scale, a column for"
          + " each argument. Several folders with commas between them, runs that differ in their"
          + " seed, make one column of their mean.",
      "With --out, their losses, too; these need no evaluation."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo compare ours=runs/hopper-0,runs/hopper-1 theirs=their_evaluation.json",
      "  qgpo compare runs/a runs/b --out compare.html --picture returns.png"
    })
final class CompareCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "[NAME=]RUN[,RUN...]",
      arity = "1..*",
      description =
          "Folders of runs, or files with the keys of evaluation.json, and what to call them;"
              + " default: the first one's name, with its folder's where another has the same. A"
              + " folder's own name may hold '=' and ','.")
  private List<String> columns;

  @Option(
      names = "--picture",
      paramLabel = "FILE.png",
      description = "Draw returns against guidance scale.")
  private Path pictureFile;

  @Option(
      names = "--out",
      paramLabel = "FILE.html",
      description = "Write a page: losses, and returns if any, with bands over seeds.")
  private Path page;

  @Option(names = "--title", paramLabel = "TEXT", description = "Above the picture and the page.")
  private String title = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    OutputFile.requireWritable("--picture", pictureFile);
    OutputFile.requireWritable("--out", page);
    List<ComparedRuns> runs = CompareColumns.of(columns);
    requireSomethingToShow(runs);
    PrintWriter out = spec.commandLine().getOut();
    show(runs, title, pictureFile, page, out);
    return Main.done(out);
  }

  private void requireSomethingToShow(List<ComparedRuns> runs) {
    boolean evaluated = runs.stream().anyMatch(column -> column.notEvaluated().isEmpty());
    if (evaluated || (page != null && pictureFile == null)) {
      return;
    }
    throw new UsageException(
        "%s: expected runs with returns, found none of %s; 'qgpo evaluate --run DIR --env NAME'"
                .formatted(
                    pictureFile == null ? "compare" : "--picture",
                    paths(runs.stream().flatMap(column -> column.notEvaluated().stream())))
            + " measures them, and --out FILE.html compares losses without");
  }

  private static String paths(Stream<Path> paths) {
    return String.join(", ", paths.map(Path::toString).distinct().toList());
  }

  /**
   * Prints the table of returns, if there are any, and writes what else is asked for.
   *
   * @param picture null for none
   * @param page null for none
   */
  static void show(
      List<ComparedRuns> runs, String title, Path picture, Path page, PrintWriter out) {
    List<ReturnSeries> series = runs.stream().flatMap(column -> returns(column).stream()).toList();
    List<List<String>> rows = rows(series);
    if (!series.isEmpty()) {
      var table = new TextTable();
      rows.forEach(table::row);
      out.print(table.text());
      out.println(
          "means and standard errors: over runs where a column has several, else over episodes");
      runs.forEach(column -> sayIfNotEvaluated(column, out));
    }
    if (picture != null) {
      byte[] png = ReturnsPicture.png(title, series);
      AtomicFiles.write(picture, file -> file.write(png));
    }
    if (page != null) {
      String heading = title.isEmpty() ? "QGPO runs side by side" : title;
      AtomicFiles.writeText(page, ComparePage.html(heading, runs, series, rows));
      out.println(
          "Losses%s with bands over seeds are in %s"
              .formatted(series.isEmpty() ? "" : " and returns", Printable.text(page.toString())));
    }
  }

  /** A mean over the others would be taken for one over all. */
  private static void sayIfNotEvaluated(ComparedRuns column, PrintWriter out) {
    if (!column.notEvaluated().isEmpty()) {
      String runs = paths(column.notEvaluated().stream());
      out.println(
          Printable.text("no returns of %s: not evaluated are %s".formatted(column.name(), runs)));
    }
  }

  private static Optional<ReturnSeries> returns(ComparedRuns runs) {
    try {
      return runs.returns();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private static List<List<String>> rows(List<ReturnSeries> series) {
    SortedSet<Double> scales = new TreeSet<>();
    series.forEach(one -> scales.addAll(one.points().keySet()));
    List<String> header = new ArrayList<>(List.of("guidance"));
    series.forEach(one -> header.add(one.name()));
    List<List<String>> rows = new ArrayList<>(List.of(header));
    for (double scale : scales) {
      List<String> row = new ArrayList<>(List.of(Double.toString(scale).replaceFirst("\\.0$", "")));
      for (ReturnSeries one : series) {
        Point point = one.points().get(scale);
        row.add(point == null ? "-" : point.text());
      }
      rows.add(row);
    }
    return rows;
  }
}
