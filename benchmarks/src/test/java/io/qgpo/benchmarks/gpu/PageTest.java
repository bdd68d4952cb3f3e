package io.qgpo.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final List<Part> PARTS =
      List.of(
          new Part("doctor", Part.Outcome.PASSED, 5.6, "right | ready"),
          Part.failed("tests", 30, "its time was up"),
          Part.notRun("PyTorch", "python3 was not found"));

  private static final Figure FIGURE = new Figure(Figure.BEHAVIOUR, "fp32", "qgpo", 2, 1.5, 2.5);

  private static String page(String noGpu) {
    Machine machine = new Machine(noGpu);
    machine.engine("CUDA, some GPU");
    machine.latencies(List.of("node of a graph 1.02 us"));
    ProductRate rate = new ProductRate("NT 1 x 2 x 3", "FP32", 9, 10);
    return new Page("abc, packed on 2026-11-29", machine, PARTS, List.of(FIGURE), List.of(rate))
        .text();
  }

  @Test
  void saysWhatRanAndWhatWasMeasured() {
    String text = page(null);
    for (String part :
        List.of(
            "| commit | abc, packed on 2026-11-29 |",
            "| device, driver | CUDA, some GPU |",
            "| doctor | passed | 6 | right \\| ready |",
            "| tests | failed | 30 | its time was up |",
            "| PyTorch | not run | 0 | python3 was not found |",
            "| behaviour step, batch 4096, fp32 | 2.000 ms | PyTorch eager: not measured | ",
            FIGURE.line(),
            "- node of a graph 1.02 us",
            "| NT 1 x 2 x 3 | FP32 | 9.00 | 10.00 | 0.90 |")) {
      assertTrue(text.contains(part), part + " in " + text);
    }
  }

  @Test
  void withoutAGpuThereAreNoFigures() {
    String text = page("the CUDA driver finds no GPU");
    assertTrue(text.contains("| GPU | none: the CUDA driver finds no GPU |"), text);
    assertTrue(text.contains("ran on the emulator, and nothing was timed"), text);
    assertFalse(text.contains("## Goals"), text);
  }

  @Test
  void countsOfJUnit() {
    TestCounts counts =
        TestCounts.parse(
            List.of(
                "| '-- EmulatorTest [OK]",
                "|   +-- a() [A] Assumption failed: only the emulator has emulator_schedule",
                "|   '-- b() [A] Assumption failed: only the emulator has emulator_schedule",
                "[        12 containers successful ]",
                "[         1 tests skipped         ]",
                "[         2 tests aborted         ]",
                "[        91 tests successful      ]",
                "[         3 tests failed          ]"));
    assertEquals(
        "91 passed, 3 failed, 3 not run (only the emulator has emulator_schedule)",
        counts.toString());
  }
}
