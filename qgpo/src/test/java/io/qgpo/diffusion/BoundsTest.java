package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers at the very edge of what is allowed, on either side of it. */
class BoundsTest {
  private static final double NAN = Double.NaN;

  static List<Executable> outside() {
    return List.of(
        () -> new LinearSchedule(0, 20),
        () -> new LinearSchedule(20, 20),
        () -> new LinearSchedule(NAN, 20),
        () -> new LinearSchedule(0.1, NAN),
        () -> new LinearSchedule(0.1, Double.POSITIVE_INFINITY),
        () -> new CosineSchedule(0),
        () -> new CosineSchedule(NAN),
        () -> new CosineSchedule(Double.POSITIVE_INFINITY),
        () -> new Thresholding(0, 1),
        () -> new Thresholding(1.001, 1),
        () -> new Thresholding(0.5, 0),
        () -> new Thresholding(0.5, NAN),
        () -> new Thresholding(0.5, Double.POSITIVE_INFINITY),
        () -> DiscreteSchedule.ofBetas(),
        () -> DiscreteSchedule.ofBetas(0),
        () -> DiscreteSchedule.ofBetas(1),
        () -> DiscreteSchedule.ofAlphaProducts(),
        () -> DiscreteSchedule.ofAlphaProducts(1),
        () -> DiscreteSchedule.ofAlphaProducts(0.5, 0.5),
        () -> DiscreteSchedule.ofAlphaProducts(0.5, 0));
  }

  static List<Executable> inside() {
    return List.of(
        () -> new LinearSchedule(1e-300, 20),
        () -> new CosineSchedule(1e-300),
        () -> new Thresholding(1, 1e-300),
        () -> DiscreteSchedule.ofBetas(1e-9, 0.999),
        () -> DiscreteSchedule.ofAlphaProducts(0.999, 1e-9));
  }

  @ParameterizedTest
  @MethodSource("outside")
  void refused(Executable make) {
    assertThrows(IllegalArgumentException.class, make);
  }

  @ParameterizedTest
  @MethodSource("inside")
  void accepted(Executable make) {
    assertDoesNotThrow(make);
  }
}
