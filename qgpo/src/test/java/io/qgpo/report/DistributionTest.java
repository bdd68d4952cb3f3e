package io.qgpo.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.report.Distribution.Bins;
import io.qgpo.run.JsonFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
  private static Distribution of(double low, double high, double... shares) {
    return new Distribution(low, high, shares);
  }

  @Test
  void binsAreAsWideAsTheWiderOnes() {
    Bins bins = Bins.of(of(-1, 4, 0.2, 0.2, 0.2, 0.2, 0.2), of(0, 7.6, 0.25, 0.25, 0.25, 0.25));
    assertEquals(new Bins(0, 2, 5), bins); // from -1 to 9, the middles at 0, 2, ..., 8
    assertArrayEquals(
        new double[] {0.2, 0.2, 0.1, 0, 0},
        of(-1, 4, 0.2, 0.2, 0.2, 0.2, 0.2).densities(bins),
        1e-12);
  }

  /** Whatever the ranges, everything is drawn, and in bins that can be told apart. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, 0.3, 0.4",
    "-5, -5, 3, 3",
    "0, 0, 0, 0",
    "7, 7, 7, 7",
    "1e9, 1.000000001e9, 0, 1e-9",
    "-1e100, 1e100, 0, 1",
    "0, 1e-320, 0, 1e-310",
    "1e99, 1.0000000000000002e99, 1e99, 1e99",
    "-0.35, 0.35, -120, 130"
  })
  void allSharesAreThere(double low, double high, double otherLow, double otherHigh) {
    Distribution one = of(low, high, 0.5, 0.25, 0.25);
    Distribution other = of(otherLow, otherHigh, 1, 0);
    Bins bins = Bins.of(one, other);
    assertTrue(bins.count() >= 1 && bins.count() < 250, bins + "");
    for (Distribution each : new Distribution[] {one, other}) {
      assertEquals(1, DoubleStream.of(each.densities(bins)).sum() * bins.width(), 1e-6, bins + "");
    }
    var picture = new Picture("", "x", "y", Theme.LIGHT);
    one.drawIn(picture, "one", bins);
    other.drawIn(picture, "other", bins);
    assertTrue(picture.png().length > 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'q':[]}",
        "{'q':{'low':0,'high':1}}",
        "{'q':{'low':0,'high':1,'shares':[]}}",
        "{'q':{'low':0,'high':1,'shares':{}}}",
        "{'q':{'low':0,'high':1,'shares':['1']}}",
        "{'q':{'low':0,'high':1,'shares':[-1]}}",
        "{'q':{'low':0,'high':1,'shares':[null]}}",
        "{'q':{'low':0,'high':-1,'shares':[1]}}",
        "{'q':{'low':1e999,'high':1e999,'shares':[1]}}",
        "{'q':{'low':-1e308,'high':1e308,'shares':[1]}}",
        "{'q':{'high':1,'shares':[1]}}",
      })
  void anythingElseIsRefused(String json) {
    ObjectNode line = JsonFiles.parse(json.replace('\'', '"'), "x", "line");
    String message =
        assertThrows(TensorFileException.class, () -> Distribution.read(line, "q", "file"))
            .getMessage();
    assertTrue(message.startsWith("file, key 'q'"), message);
  }
}
