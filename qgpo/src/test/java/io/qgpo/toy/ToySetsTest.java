package io.qgpo.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each set against its formula. Bounds are five standard errors of the mean or more. */
class ToySetsTest {
  private static final int N = 40_000;

  private static ToyData drawn(String name) {
    return ToyData.draw(ToySets.find(name).orElseThrow(), N, 1, "test");
  }

  static List<ToySet> all() {
    return ToySets.all();
  }

  private static double mean(ToyData data, IntPredicate chosen, DoubleBinaryOperator of) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < N; i++) {
      if (chosen.test(i)) {
        sum += of.applyAsDouble(data.points()[2 * i], data.points()[2 * i + 1]);
        count++;
      }
    }
    return sum / count;
  }

  private static double share(ToyData data, double energy) {
    int count = 0;
    for (float e : data.energies()) {
      count += Math.abs(e - energy) < 1e-6 ? 1 : 0;
    }
    return (double) count / N;
  }

  @Test
  void theSixOfThePaper() {
    assertEquals(
        List.of("8gaussians", "rings", "moons", "swissroll", "checkerboard", "2spirals"),
        ToySets.names());
    assertTrue(ToySets.find("9gaussians").isEmpty());
  }

  @ParameterizedTest
  @MethodSource("all")
  void aPlaceHasARegionAndTheEnergyOfItsPoints(ToySet set) {
    ToyData data = ToyData.draw(set, N, 2, "test");
    double difference = 0;
    for (int i = 0; i < N; i++) {
      float x = data.points()[2 * i];
      float y = data.points()[2 * i + 1];
      int region = set.region(x, y);
      assertTrue(region >= 0 && region < set.regions(), "region " + region);
      assertTrue(Math.max(Math.abs(x), Math.abs(y)) < 1.3 * set.reach(), x + ", " + y);
      difference += Math.abs(data.energies()[i] - set.energy(x, y)) / N;
    }
    assertTrue(difference < 0.03, "mean difference of energies " + difference);
  }

  @ParameterizedTest
  @MethodSource("all")
  void farAwayThereIsARegionToo(ToySet set) {
    for (double x : new double[] {-1e9, -10, 0, 10, 1e9}) {
      for (double y : new double[] {-1e9, -10, 0, 10, 1e9}) {
        int region = set.region(x, y);
        assertTrue(region >= 0 && region < set.regions(), x + ", " + y + ": " + region);
      }
    }
  }

  /** Centres of radius 4 over 1.414 from the north against the clock, e of 0, 1/7 ... 1. */
  @Test
  void eightGaussians() {
    ToyData data = drawn("8gaussians");
    double radius = 4 / 1.414;
    for (int k = 0; k < 8; k++) {
      double energy = k / 7.0;
      double angle = Math.toRadians(90 + 45 * k);
      IntPredicate mine = i -> Math.abs(data.energies()[i] - energy) < 1e-6;
      double x = radius * Math.cos(angle);
      double y = radius * Math.sin(angle);
      assertEquals(0.125, share(data, energy), 0.009, "share of " + k);
      assertEquals(x, mean(data, mine, (u, v) -> u), 0.03, "x of " + k);
      assertEquals(y, mean(data, mine, (u, v) -> v), 0.03, "y of " + k);
      double variance = mean(data, mine, (u, v) -> ((u - x) * (u - x) + (v - y) * (v - y)) / 2);
      assertEquals(0.5 / 1.414, Math.sqrt(variance), 0.013, "sd of " + k);
    }
  }

  @Test
  void rings() {
    ToyData data = drawn("rings");
    double[] radii = {3, 2.25, 1.5, 0.75};
    double[] energies = {0.667, 0.333, 1, 0};
    for (int k = 0; k < 4; k++) {
      double energy = energies[k];
      double radius = radii[k];
      IntPredicate mine = i -> Math.abs(data.energies()[i] - energy) < 1e-6;
      assertEquals(0.25, share(data, energy), 0.011, "share of " + k);
      // Noise of .08 across makes the mean square greater by 2 x .08^2.
      assertEquals(radius * radius + 2 * 0.0064, mean(data, mine, (x, y) -> x * x + y * y), 0.03);
      assertEquals(0, mean(data, mine, (x, y) -> x), 0.11);
    }
  }

  /** Means of a half circle: 2/pi away from its centre. */
  @Test
  void moons() {
    ToyData data = drawn("moons");
    IntPredicate first = i -> data.energies()[i] == 0;
    IntPredicate second = i -> data.energies()[i] == 1;
    assertEquals(0.5, share(data, 1), 0.0125);
    assertEquals(-1, mean(data, first, (x, y) -> x), 0.055);
    assertEquals(2 * 2 / Math.PI - 0.2, mean(data, first, (x, y) -> y), 0.03);
    assertEquals(1, mean(data, second, (x, y) -> x), 0.055);
    assertEquals(2 * (0.5 - 2 / Math.PI) - 0.2, mean(data, second, (x, y) -> y), 0.03);
  }

  /** t uniform on [a, 3a] has mean square 13 a^2 / 3; the noise adds 1 in each direction. */
  @Test
  void swissRoll() {
    ToyData data = drawn("swissroll");
    double a = 1.5 * Math.PI;
    double expected = (13 * a * a / 3 + 2) / 25;
    assertEquals(expected, mean(data, i -> true, (x, y) -> x * x + y * y), 0.06);
    assertEquals(
        (data.points()[0] * data.points()[0] + data.points()[1] * data.points()[1]) / 9,
        data.energies()[0],
        1e-6);
  }

  /** Eight black squares with an eighth each, the white ones empty, half of the board has e 1. */
  @Test
  void checkerboard() {
    ToyData data = drawn("checkerboard");
    double[] shares =
        Regions.of(ToySets.find("checkerboard").orElseThrow(), data.points()).shares();
    for (int square = 0; square < 16; square++) {
      boolean black = (square / 4 + square % 4) % 2 == 0;
      assertEquals(black ? 0.125 : 0, shares[square], 0.009, "square " + square);
    }
    assertEquals(0.5, share(data, 1), 0.0125);
    assertEquals(
        -2,
        mean(data, i -> data.energies()[i] == 1 && data.points()[2 * i] < 0, (x, y) -> x) + 1,
        0.03);
  }

  /** n = 3 pi sqrt(u) has mean 2 pi; the two arms are the same turned by half a circle. */
  @Test
  void twoSpirals() {
    ToyData data = drawn("2spirals");
    double energy = 0;
    for (float e : data.energies()) {
      energy += e / N;
    }
    assertEquals(1 - 0.2 * Math.PI, energy, 0.006);
    assertEquals(0, mean(data, i -> true, (x, y) -> x), 0.05);
    assertEquals(0, mean(data, i -> true, (x, y) -> y), 0.05);
    double[] shares = Regions.of(ToySets.find("2spirals").orElseThrow(), data.points()).shares();
    for (int part = 0; part < 5; part++) {
      assertEquals(shares[part], shares[5 + part], 0.014, "part " + part);
      assertEquals((2 * part + 1) / 25.0, shares[part] + shares[5 + part], 0.025, "part " + part);
    }
  }

  @Test
  void seedsAndStreamsDiffer() {
    ToySet rings = ToySets.find("rings").orElseThrow();
    float first = ToyData.draw(rings, 1, 1, "a").points()[0];
    assertEquals(first, ToyData.draw(rings, 5, 1, "a").points()[0]);
    assertTrue(first != ToyData.draw(rings, 1, 2, "a").points()[0]);
    assertTrue(first != ToyData.draw(rings, 1, 1, "b").points()[0]);
  }
}
