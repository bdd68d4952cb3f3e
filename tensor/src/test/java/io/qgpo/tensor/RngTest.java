package io.qgpo.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RngTest {
  /** Draws per statistic. */
  private static final int N = 200_000;

  static Stream<Backend> backends() {
    return Stream.of("scalar", "simd").map(name -> Backends.choose(name, 2).backend());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void normalNumbersAreNormal(Backend backend) {
    float[] x = new Rng(backend, 7, "noise").normal(DType.FLOAT32, Shape.of(N)).toFloatArray();
    double mean = 0;
    double square = 0;
    double fourth = 0;
    double neighbours = 0;
    int beyondTwo = 0;
    for (int i = 0; i < N; i++) {
      mean += x[i] / N;
      square += x[i] * (double) x[i] / N;
      fourth += Math.pow(x[i], 4) / N;
      neighbours += i == 0 ? 0 : x[i] * (double) x[i - 1] / N;
      beyondTwo += Math.abs(x[i]) > 2 ? 1 : 0;
    }
    double error = 4 / Math.sqrt(N); // Four standard errors of the mean.
    assertEquals(0, mean, error);
    assertEquals(1, square, error * Math.sqrt(2));
    assertEquals(3, fourth, error * Math.sqrt(96));
    assertEquals(0, neighbours, error);
    assertEquals(0.0455, beyondTwo / (double) N, error * 0.21);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void uniformNumbersAreUniform(Backend backend) {
    Rng rng = new Rng(backend, 7, "time");
    float[] x = rng.uniform(DType.FLOAT32, Shape.of(N), -1, 3).toFloatArray();
    int[] bins = new int[16];
    double mean = 0;
    for (float value : x) {
      assertTrue(value >= -1 && value < 3);
      bins[(int) ((value + 1) * 4)]++;
      mean += value / N;
    }
    assertEquals(1, mean, 4 * Math.sqrt(16.0 / 12 / N));
    for (int count : bins) {
      assertEquals(N / 16.0, count, 5 * Math.sqrt(N / 16.0));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void indicesAreUniform(Backend backend) {
    int[] counts = new int[10];
    for (int index : new Rng(backend, 7, "batch").indices(N, 10).toIntArray()) {
      counts[index]++;
    }
    for (int count : counts) {
      assertEquals(N / 10.0, count, 5 * Math.sqrt(N / 10.0));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aSavedStateResumesTheStream(Backend backend) {
    Rng rng = new Rng(backend, 3, "noise");
    rng.normal(DType.FLOAT32, Shape.of(5));
    int[] saved = rng.save();
    assertEquals(2, saved[2], "five numbers take two blocks of four");
    float[] expected = rng.normal(DType.FLOAT32, Shape.of(3, 7)).toFloatArray();
    Rng resumed = new Rng(backend, 99, "other");
    resumed.restore(saved);
    assertArrayEquals(expected, resumed.normal(DType.FLOAT32, Shape.of(3, 7)).toFloatArray());
    assertArrayEquals(rng.save(), resumed.save());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void theCounterCarriesIntoItsUpperHalf(Backend backend) {
    Rng rng = new Rng(backend, 3, "noise");
    int[] state = rng.save();
    state[2] = -1;
    state[3] = 4;
    rng.restore(state);
    int[] drawn = rng.indices(8, 1 << 30).toIntArray();
    assertArrayEquals(new int[] {state[0], state[1], 1, 5}, rng.save());
    int[] words = new int[8];
    Philox.block(state[0], state[1], -1, 4, 0, 0, words, 0);
    Philox.block(state[0], state[1], 0, 5, 0, 0, words, 4);
    assertArrayEquals(Arrays.stream(words).map(w -> w >>> 2).toArray(), drawn);
  }

  @Test
  void streamsAreIndependentAndRepeat() {
    Backend backend = backends().findFirst().orElseThrow();
    float[] noise = new Rng(backend, 3, "a").normal(DType.FLOAT32, Shape.of(9)).toFloatArray();
    float[] again = new Rng(backend, 3, "a").normal(DType.FLOAT32, Shape.of(9)).toFloatArray();
    float[] other = new Rng(backend, 3, "b").normal(DType.FLOAT32, Shape.of(9)).toFloatArray();
    assertArrayEquals(noise, again);
    assertFalse(Arrays.equals(noise, other));
  }

  @Test
  void refusesMisuse() {
    Backend backend = backends().findFirst().orElseThrow();
    Rng rng = new Rng(backend, 3, "noise");
    assertEquals(
        "Rng.restore: expected a state of 4 numbers, found 3",
        assertThrows(IllegalArgumentException.class, () -> rng.restore(new int[3])).getMessage());
    try (Scope _ = Scope.open("step")) {
      assertEquals(
          "Rng: create stream 'late' outside any scope, since it outlives the scope",
          assertThrows(IllegalStateException.class, () -> new Rng(backend, 3, "late"))
              .getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesAnEmptyRangeOfIndices(Backend backend) {
    Rng rng = new Rng(backend, 3, "batch");
    assertEquals(
        "randomIndices: bound must be 1 or more, found 0",
        assertThrows(IllegalArgumentException.class, () -> rng.indices(3, 0)).getMessage());
  }
}
