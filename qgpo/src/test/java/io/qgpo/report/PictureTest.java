package io.qgpo.report;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureTest {
  /** The library that draws has ranges of which it would never find the marks. */
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "5, 5",
    "0, 0",
    "-1e100, 1e100",
    "0, 1e100",
    "1e100, 1e100",
    "1e99, 1.0000000000000002e99",
    "0, 1e-320",
    "1e-40, 1e-39",
    "1e9, 1.000000001e9",
    "0, 9007199254740992",
    "-1e100, 1e-300"
  })
  void numbersOfAnySizeAreDrawn(double from, double to) {
    double[] large = {from, from / 2 + to / 2, to};
    double[] small = {0, 1, 2};
    for (boolean across : new boolean[] {true, false}) {
      var picture = new Picture("", "x", "y", Theme.LIGHT);
      picture.points("a", across ? large : small, across ? small : large, new double[3]);
      byte[] png = assertTimeoutPreemptively(Duration.ofMinutes(1), picture::png);
      assertTrue(png.length > 0, across ? "across" : "upwards");
    }
  }
}
