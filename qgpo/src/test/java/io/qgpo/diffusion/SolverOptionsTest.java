package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SolverOptionsTest {
  private static void refused(String message, Executable options) {
    assertEquals(
        "SolverOptions: " + message,
        assertThrows(IllegalArgumentException.class, options).getMessage());
  }

  @Test
  void refusesWhatNoMethodIs() {
    refused("expected order 1, 2 or 3, found 4", () -> SolverOptions.multistep(4));
    refused("expected order 1, 2 or 3, found 0", () -> SolverOptions.singlestep(0));
    refused("expected order 2 or 3 for adaptive steps, found 1", () -> SolverOptions.adaptive(1));
    refused("expected order 1 or 2 for the SDE, found 3", () -> SolverOptions.sde(3));
    refused(
        "expected 1 or more evaluations, found 0", () -> SolverOptions.exact().withEvaluations(0));
    refused(
        "expected 3 or more evaluations for single steps of order 3, found 2",
        () -> SolverOptions.singlestepFixed(3).withEvaluations(2));
    refused(
        "expected 0 < tEnd < tStart, found tEnd 0.5, tStart 0.5",
        () -> SolverOptions.exact().withTimes(0.5, 0.5));
    refused(
        "expected 0 < tEnd < tStart, found tEnd 0.0, tStart 1.0",
        () -> SolverOptions.exact().withTimes(1, 0));
    refused(
        "expected 0 < tEnd < tStart, found tEnd 0.5, tStart Infinity",
        () -> SolverOptions.exact().withTimes(Double.POSITIVE_INFINITY, 0.5));
    refused(
        "expected the data form, whose predictions thresholding limits, found NOISE",
        () -> SolverOptions.exact().withForm(Form.NOISE).withThresholding(Thresholding.IMAGEN));
    refused(
        "expected a positive absolute tolerance, found 0.0",
        () -> SolverOptions.adaptive(2).withTolerance(0, 0.1));
    refused(
        "expected a relative tolerance of 0 or more, found -1.0",
        () -> SolverOptions.adaptive(2).withTolerance(0.1, -1));
    refused(
        "expected a positive absolute tolerance, found Infinity",
        () -> SolverOptions.adaptive(2).withTolerance(Double.POSITIVE_INFINITY, 0.1));
    refused(
        "expected a relative tolerance of 0 or more, found Infinity",
        () -> SolverOptions.adaptive(2).withTolerance(0.1, Double.POSITIVE_INFINITY));
    refused(
        "expected a multistep method, whose last steps can be of lower order, found SINGLESTEP",
        () -> SolverOptions.singlestep(2).withLowerOrderFinal());
    SolverOptions.sde(2).withLowerOrderFinal();
  }
}
