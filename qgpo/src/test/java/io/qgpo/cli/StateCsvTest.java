package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateCsvTest {

  private static float[] read(String text, int width) {
    return new StateCsv(new StringReader(text), "states.csv", width).next(Integer.MAX_VALUE / 16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,-2.5\n3e2,.5\n",
        "1,-2.5\n3e2,.5",
        "1,-2.5\r\n3e2,.5\r\n",
        "x,y\n1,-2.5\n3e2,.5\n",
        "\"x\", speed [m/s]\r\n 1 , -2.50 \r\n+300.,5e-1",
        "\uFEFFx,y\n1,-2.5\n3e2,.5\n",
      })
  void readsTheUsualForms(String text) {
    assertArrayEquals(new float[] {1, -2.5f, 300, 0.5f}, read(text, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x,y", "x,y\n"})
  void maybeThereAreNone(String text) {
    assertEquals(0, read(text, 2).length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,3;1,2 | line 1: expected 2 numbers separated by commas, found 3",
        "1,2;1 | line 2: expected 2 numbers separated by commas, found 1",
        "x,y,z;1,2 | line 1: expected 2 numbers separated by commas, found 3",
        "x,2;1,2 | line 1, column 1: expected a finite number, found 'x'",
        "x,y;x,y | line 2, column 1: expected a finite number, found 'x'",
        "1,2;3,nan | line 2, column 2: expected a finite number, found 'nan'",
        "NaN,inf;3,4 | line 1, column 1: expected a finite number, found 'NaN'",
        "1,2;3,Infinity | line 2, column 2: expected a finite number, found 'Infinity'",
        "1,2;3, | line 2, column 2: expected a finite number, found ''",
        "1,2;3,0x1p3 | line 2, column 2: expected a finite number, found '0x1p3'",
        "1,2;3,1f | line 2, column 2: expected a finite number, found '1f'",
        "1,2;3,1e39 | line 2, column 2: expected a number below 3.4e38 in size, found '1e39'",
        "1,2;;3,4 | line 2: expected 2 numbers, found an empty line",
        "1,2;3,4;; | line 3: expected 2 numbers, found an empty line",
        ";1,2 | line 1: expected 2 numbers, found an empty line",
      })
  void faultsAreNamed(String text, String message) {
    String csv = text.replace(';', '\n');
    UsageException e = assertThrows(UsageException.class, () -> read(csv, 2));
    assertEquals("states.csv, " + message, e.getMessage());
  }

  @Test
  void longAndBinaryInputIsRefusedShortly() {
    UsageException e = assertThrows(UsageException.class, () -> read("1".repeat(1 << 21), 1));
    assertEquals(
        "states.csv, line 1: expected at most 1048576 characters, found more", e.getMessage());

    e = assertThrows(UsageException.class, () -> read("1\n" + "\u0007x".repeat(50), 1));
    assertEquals(
        "states.csv, line 2, column 1: expected a finite number, found '"
            + "?x".repeat(20)
            + "...'",
        e.getMessage());
  }

  @Test
  void otherBytesThanUtf8AreRefused() {
    Reader reader =
        new InputStreamReader(
            new ByteArrayInputStream(new byte[] {'1', '\n', (byte) 0xff}),
            StandardCharsets.UTF_8.newDecoder());
    StateCsv csv = new StateCsv(reader, "states.csv", 1);
    UsageException e = assertThrows(UsageException.class, () -> csv.next(10));
    assertEquals("states.csv: expected UTF-8 text, found other bytes", e.getMessage());
  }

  @Test
  void aReaderThatFailsIsNamed() {
    Reader reader =
        new Reader() {
          @Override
          public int read(char[] buffer, int from, int count) throws IOException {
            throw new IOException("cable pulled");
          }

          @Override
          public void close() {}
        };
    StateCsv csv = new StateCsv(reader, "states.csv", 1);
    UsageException e = assertThrows(UsageException.class, () -> csv.next(10));
    assertEquals("states.csv cannot be read: cable pulled", e.getMessage());
  }

  /** Batches of any size give the same states as one, and every float survives its text. */
  @Property(tries = 100)
  void batchesGiveTheWhole(
      @ForAll float[] values,
      @ForAll @IntRange(min = 1, max = 4) int width,
      @ForAll @IntRange(min = 1, max = 5) int batch) {
    int rows = values.length / width;
    float[] states = Arrays.copyOf(values, rows * width);
    for (int i = 0; i < states.length; i++) {
      states[i] = Float.isFinite(states[i]) ? states[i] : i;
    }
    String text = csv(states, width);
    assertArrayEquals(states, read(text, width));

    StateCsv csv = new StateCsv(new StringReader(text), "states.csv", width);
    for (int row = 0; row < rows; row += batch) {
      int end = Math.min(rows, row + batch);
      assertArrayEquals(Arrays.copyOfRange(states, row * width, end * width), csv.next(batch));
    }
    assertEquals(0, csv.next(batch).length);
  }

  @Test
  void manyRowsGrowTheArray() {
    float[] states = new float[3 * 5000];
    for (int i = 0; i < states.length; i++) {
      states[i] = i;
    }
    assertArrayEquals(states, read(csv(states, 3), 3));
  }

  private static String csv(float[] states, int width) {
    return IntStream.range(0, states.length / width)
        .mapToObj(
            row ->
                IntStream.range(0, width)
                    .mapToObj(c -> Float.toString(states[row * width + c]))
                    .collect(Collectors.joining(",")))
        .collect(Collectors.joining("\n", "", states.length == 0 ? "" : "\n"));
  }
}
