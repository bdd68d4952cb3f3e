package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepPlanTest {
  private static StepPlan plan(SolverOptions options) {
    return StepPlan.of(options, LinearSchedule.PAPER, options.tStart(), options.tEnd());
  }

  private static String orders(SolverOptions options) {
    StepPlan plan = plan(options);
    StringBuilder orders = new StringBuilder();
    IntStream.range(0, plan.steps()).forEach(i -> orders.append(plan.order(i)));
    return orders.toString();
  }

  /** Orders of single steps as DPM-Solver-fast has them, by evaluations. */
  @ParameterizedTest
  @CsvSource({
    "1, 4, 1111",
    "2, 1, 1",
    "2, 4, 22",
    "2, 5, 221",
    "3, 1, 1",
    "3, 2, 2",
    "3, 3, 21",
    "3, 6, 321",
    "3, 7, 331",
    "3, 8, 332",
    "3, 9, 3321"
  })
  void singleStepsUseUpTheEvaluations(int order, int evaluations, String expected) {
    assertEquals(expected, orders(SolverOptions.singlestep(order).withEvaluations(evaluations)));
  }

  @Test
  void otherMethods() {
    assertEquals("33", orders(SolverOptions.singlestepFixed(3).withEvaluations(8)));
    assertEquals("3333", orders(SolverOptions.multistep(3).withEvaluations(4)));
    assertEquals(
        "3321", orders(SolverOptions.multistep(3).withEvaluations(4).withLowerOrderFinal()));
    assertEquals("21", orders(SolverOptions.multistep(3).withEvaluations(2).withLowerOrderFinal()));
    assertEquals("222", orders(SolverOptions.sde(2).withEvaluations(3)));
  }

  /** The paper's: at 15 evaluations the even nodes of 15 uniform intervals, and the last time. */
  @Test
  void paperNodes() {
    StepPlan plan = plan(SolverOptions.paper());
    assertEquals(8, plan.steps());
    for (int i = 0; i < 8; i++) {
      assertEquals(1 + (1e-3 - 1) * 2 * i / 15, plan.time(i), 1e-15);
    }
    assertEquals(1e-3, plan.time(8));
    assertEquals(0.25, TimeGrid.TIME_UNIFORM.between(LinearSchedule.PAPER, 0.2, 0.3, 0.5), 1e-16);
  }

  @Test
  void grids() {
    double[] lambdas = new double[4];
    double[] roots = new double[4];
    for (int i = 0; i < 4; i++) {
      lambdas[i] =
          LinearSchedule.PAPER.lambda(TimeGrid.LOG_SNR.node(LinearSchedule.PAPER, 1, 1e-3, i, 3));
      roots[i] = Math.sqrt(TimeGrid.TIME_QUADRATIC.node(LinearSchedule.PAPER, 1, 0.04, i, 3));
    }
    assertEquals(lambdas[1] - lambdas[0], lambdas[3] - lambdas[2], 1e-12);
    assertEquals(lambdas[1] - lambdas[0], lambdas[2] - lambdas[1], 1e-12);
    assertArrayEquals(new double[] {1, 1 - 0.8 / 3, 1 - 1.6 / 3, 0.2}, roots, 1e-15);
  }
}
