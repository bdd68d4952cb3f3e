package io.qgpo.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.benchmarks.Workload;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Figures as programs print them, and what goals make of them. */
class GoalTest {
  private static final List<Figure> FIGURES =
      Figure.parse(
          List.of(
              "torch 2.11.0, some GPU",
              "| behaviour step, batch 4096 | fp32 | eager | 7.550 | 6.400 to 8.330 | made in 1 s"
                  + " |",
              "| behaviour step, batch 4096 | TF32 | graph | 1.113 | 1.113 to 1.119 | made in 9 s"
                  + " |",
              "| Q + energy step, batch 256 x 16 | fp32 | graph | 0.810 | 0.808 to 0.811 | made |",
              "| 15 guided evaluations, 4096 states | fp32 | eager | 43.3 | 39.4 to 64.3 | made |",
              "| behaviour step, batch 4096 | fp32 | qgpo | 2.230 | 2.200 to 2.250 |",
              "| behaviour step, batch 4096 | TF32 | qgpo | 1.590 | 1.580 to 1.600 |",
              "| Q + energy step, batch 256 x 16 | fp32 | qgpo | 0.405 | 0.400 to 0.410 |",
              "| 15 guided evaluations, 1 state | fp32 | qgpo | 1.001 | 0.990 to 1.100 |",
              "Traceback (most recent call last):"));

  private static final List<ProductRate> PRODUCTS =
      ProductRate.parse(
          List.of(
              "| product | precision | ours us | TFLOP/s | cuBLAS us | TFLOP/s | of cuBLAS |",
              "|---|---|---|---|---|---|---|",
              "| NT 4096 x 512 x 512 | FP32 | 61.9 | 34.7 | 56.1 | 38.3 | 0.91 |",
              "| NT 4096 x 256 x 512 | FP32 | 39.9 | 26.9 | 32.0 | 33.5 | 0.80 |",
              "| NT 4096 x 256 x 512 | TF32 | 39.9 | 46.0 | 32.0 | 143.2 | 0.32 |",
              "| TN 128 x 128 x 4096 | FP32 | 12.5 | 10.7 | NaN | NaN | NaN |",
              "| NT 16 x 512 x 512 | FP32 | 4.0 | 2.097 | 2.0 | 4.194 | 0.50 |"));

  private static Goal goal(String what) {
    return goal(what, FIGURES);
  }

  private static Goal goal(String what, List<Figure> figures) {
    return Goal.all(figures, PRODUCTS).stream()
        .filter(goal -> goal.what().equals(what))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachIsHeldAgainstItsPeer() {
    Goal behaviour = goal("behaviour step, batch 4096, fp32");
    assertEquals(2.23 / 7.55, behaviour.ratio(), 1e-12);
    assertEquals("reached", behaviour.verdict());
    assertEquals("PyTorch eager: 7.550 ms", behaviour.beside());
    assertEquals("missed", goal("behaviour step, batch 4096, TF32").verdict());
    assertEquals("reached", goal("Q + energy step, batch 256 x 16, fp32").verdict());
    assertEquals("missed", goal("15 guided evaluations, 1 state, fp32").verdict());
  }

  /** The time is that of the way that a user would choose. */
  @Test
  void theQuickerWayToMultiplyCounts() {
    List<Figure> both = new ArrayList<>(FIGURES);
    both.add(new Figure(Figure.BEHAVIOUR, "TF32", "cublas", .65, .64, .66));
    both.add(new Figure(Figure.BEHAVIOUR, "fp32", "cublas", 2.4, 2.3, 2.5));
    both.add(new Figure(Figure.GUIDANCE, "TF32", "cublas", .3, .2, .4));
    Goal tf32 = goal("behaviour step, batch 4096, TF32", both);
    assertEquals(.65 / 1.113, tf32.ratio(), 1e-12);
    assertEquals("0.650 ms with --cublas", tf32.ours());
    assertEquals("2.230 ms", goal("behaviour step, batch 4096, fp32", both).ours());
    assertEquals(
        "0.300 ms with --cublas", goal("Q + energy step, batch 256 x 16, TF32", both).ours());
  }

  @Test
  void whatWasNotMeasuredIsNoGoalReached() {
    assertEquals("not measured", goal("Q + energy step, batch 256 x 16, TF32").verdict());
    assertEquals("not measured", goal("15 guided evaluations, 4096 states, fp32").verdict());
    for (Goal goal : Goal.all(List.of(), List.of())) {
      assertEquals("not measured", goal.verdict(), goal.what());
    }
  }

  @Test
  void theSlowestProductDecides() {
    assertEquals(5, PRODUCTS.size());
    Goal products = goal("matrix products, fp32, the slowest beside cuBLAS");
    assertEquals(26.9 / 33.5, products.ratio(), 1e-12);
    assertEquals("missed", products.verdict());
    assertTrue(products.beside().contains("NT 4096 x 256 x 512; 1 of 2"), products.beside());
  }

  @Test
  void ourOwnLinesAreReadAgain() {
    Backend backend = Backends.choose("simd", 1).backend();
    Figure measured = StepTimes.time(Workload.SAMPLE_1, backend, .01);
    Figure read = Figure.parse(List.of(measured.line())).getFirst();
    assertEquals(Figure.SAMPLE_1, read.step());
    assertEquals("fp32", read.precision());
    assertEquals(measured.median(), read.median(), 5e-4);
    assertTrue(0 < read.least() && read.least() <= read.median(), measured.line());
    assertTrue(read.median() <= read.greatest(), measured.line());
  }
}
