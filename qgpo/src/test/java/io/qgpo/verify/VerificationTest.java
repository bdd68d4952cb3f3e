package io.qgpo.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.exact.ExactGuidance;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private final Backend backend = Backends.choose("auto", 2).backend();
  private final Verification verification = Verification.standard(backend);

  /** The page in docs/ has the checks of this program, in order, with their sources and bounds. */
  @Test
  void thePageIsOfTheseChecks() {
    List<String> expected = new ArrayList<>();
    for (CheckGroup group : verification.groups()) {
      expected.add("## " + group.title());
      group.checks().forEach(check -> expected.add(ExactnessPage.known(check)));
    }
    List<String> found = new ArrayList<>();
    Page.read()
        .sections()
        .forEach(
            (title, rows) -> {
              found.add("## " + title);
              for (Page.Row row : rows) {
                found.add(row.known());
                assertEquals("yes", row.passed(), row.known());
              }
            });
    assertEquals(expected, found, "stale: write it anew with qgpo verify --out docs");
  }

  @Test
  void namesAreUnique() {
    for (CheckGroup group : verification.groups()) {
      var names = new HashSet<String>();
      group.checks().forEach(check -> assertTrue(names.add(check.name()), check.name()));
    }
  }

  /** The MSE network is as wrong as its optimum is; the CEP network learns the same data. */
  @Test
  void onlyContrastiveEnergyPredictionIsExact() {
    ExactGuidance line = ExactGuidance.ofOneGaussian();
    double t = 0.3;
    double gap = EnergyFit.error(line, t, line::regressionGradient, line::gradient);
    assertEquals(1.718, gap, 1e-3);
    int steps = 400;
    EnergyFit mse = new EnergyFit(backend, line, EnergyLoss.MSE, steps).train(steps);
    EnergyFit cep = new EnergyFit(backend, line, EnergyLoss.CEP, steps).train(steps);
    assertEquals(gap, mse.error(t, line::gradient), 0.2 * gap);
    double error = cep.error(t, line::gradient);
    assertTrue(error < 0.2, "error of CEP " + error);
  }
}
