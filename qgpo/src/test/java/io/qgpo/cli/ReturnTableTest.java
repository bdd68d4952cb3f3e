package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.data.Summary;
import io.qgpo.env.ScoreRange;
import io.qgpo.run.EvaluationReport;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReturnTableTest {
  @Test
  void tableShowsNumbersOfAnySize() {
    assertEquals(
        """
        policy                     return         sd      error        min        max  episodes
        guidance 0 (behaviour)      2.000      1.414      1.000      1.000      3.000         2
        guidance 2.5                200.0      141.4      100.0      100.0      300.0         2
        other                       -4000      0.000      0.000      -4000      -4000         1
        """,
        new ReturnTable(Optional.empty())
            .add(EvaluationReport.guidedName(0), Summary.of(new double[] {1, 3}))
            .add(EvaluationReport.guidedName(2.5), Summary.of(new double[] {100, 300}))
            .add("other", Summary.of(new double[] {-4000}))
            .toText()
            .replace(System.lineSeparator(), "\n"));
  }

  @Test
  void scoresAreShownWhereD4rlHasThem() {
    assertEquals(
        """
        policy     return         sd      error        min        max  episodes   score
        a           500.0      0.000      0.000      500.0      500.0         1    40.0
        """,
        new ReturnTable(Optional.of(new ScoreRange(100, 1100)))
            .add("a", Summary.of(new double[] {500}))
            .toText()
            .replace(System.lineSeparator(), "\n"));
  }
}
