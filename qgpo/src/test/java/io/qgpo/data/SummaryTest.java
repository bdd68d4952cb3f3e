package io.qgpo.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void knownNumbers() {
    Summary s = Summary.of(new double[] {2, 4, 4, 4, 5, 5, 7, 9});
    assertEquals(8, s.count());
    assertEquals(5, s.mean());
    assertEquals(Math.sqrt(32.0 / 7), s.sd(), 1e-15);
    assertEquals(2, s.min());
    assertEquals(9, s.max());
    assertEquals(s.sd() / Math.sqrt(8), s.standardError());
  }

  @Test
  void aLargeOffsetDoesNotCancel() {
    Summary s = Summary.of(new double[] {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
    assertEquals(Math.sqrt(30), s.sd(), 1e-12);
  }

  @Test
  void fewNumbers() {
    assertEquals(new Summary(0, 0, 0, 0, 0), Summary.of(new double[0]));
    assertEquals(0, Summary.of(new double[0]).standardError());
    assertEquals(new Summary(1, 3, 0, 3, 3), Summary.of(new double[] {3}));
  }

  @Test
  void textKeepsFourDigitsWithoutExponents() {
    assertEquals(
        "1390 +- 0 (min 0.1235, max 123500)",
        new Summary(3, 1390.04, 0, .12345678, 123456.7).toString());
    assertEquals(
        "1.000e-07 +- 0 (min -2.500e+12, max 0)", new Summary(3, 1e-7, 0, -2.5e12, 0).toString());
  }
}
