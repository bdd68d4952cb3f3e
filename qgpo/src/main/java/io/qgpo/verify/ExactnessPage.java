package io.qgpo.verify;

import io.qgpo.tensor.io.AtomicFiles;
import io.qgpo.verify.Verification.Section;
import java.nio.file.Path;
import java.util.List;

/** The page {@code exactness} of the manual, as Markdown. */
public final class ExactnessPage {
  /** Its file. */
  public static final String FILE = "exactness.md";

  private ExactnessPage() {}

  /**
   * Writes the page and its pictures into a folder.
   *
   * @param folder exists
   * @param sections all groups
   * @param origin what computed them, for the page's first lines
   */
  public static void write(Path folder, List<Section> sections, String origin) {
    AtomicFiles.writeText(folder.resolve(FILE), markdown(sections, origin));
    for (Section section : sections) {
      for (Plot plot : section.group().plots()) {
        byte[] png = plot.picture().get().png();
        AtomicFiles.write(folder.resolve(plot.file()), out -> out.write(png));
      }
    }
  }

  /** The page. */
  static String markdown(List<Section> sections, String origin) {
    var page = new StringBuilder();
    page.append(
        """
        # How exact it is

        Numbers that are known, in closed form or by a computation that has no part in this program, beside
        what the program finds. `qgpo verify --out docs` wrote this page and its pictures; no number in it was
        typed. %s: %s.
        """
            .formatted(
                origin, tally(sections.stream().flatMap(s -> s.outcomes().stream()).toList())));
    for (Section section : sections) {
      page.append("\n## ").append(section.group().title()).append('\n');
      page.append(section.group().about()).append("\n\n");
      page.append("Of `qgpo verify --only ").append(section.group().name()).append("`: ");
      page.append(tally(section.outcomes())).append(".\n\n");
      page.append("| check | source | expected | found | deviation | passed |\n");
      page.append("|---|---|---|---|---|---|\n");
      section.outcomes().forEach(outcome -> page.append(row(outcome)).append('\n'));
      String table = section.group().table();
      if (!table.isEmpty()) {
        page.append('\n').append(table);
      }
      for (Plot plot : section.group().plots()) {
        page.append("\n![").append(plot.caption()).append("](").append(plot.file()).append(")\n");
      }
    }
    return page.toString();
  }

  /** N passed, N failed. */
  public static String tally(List<Outcome> outcomes) {
    long passed = outcomes.stream().filter(Outcome::passed).count();
    return "%d passed, %d failed".formatted(passed, outcomes.size() - passed);
  }

  /**
   * What of a row is known without running the check: a page that lacks it is of another program.
   */
  static String known(Check check) {
    return "| %s | %s | %s |".formatted(check.name(), check.source(), Figures.expected(check));
  }

  private static String row(Outcome outcome) {
    return "%s %s | %s | %s |"
        .formatted(
            known(outcome.check()),
            Figures.found(outcome.check(), outcome.found()),
            Figures.small(outcome.deviation()),
            outcome.passed() ? "yes" : "NO");
  }
}
