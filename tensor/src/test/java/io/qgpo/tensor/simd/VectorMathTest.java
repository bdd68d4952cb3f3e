package io.qgpo.tensor.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorMathTest {
  /** A scalar twin. */
  private interface Scalar {
    float at(float x);
  }

  /**
   * One function.
   *
   * @param maxError in units in the last place of the result, or absolutely if {@code absolute}
   * @param low where the bound on the error begins
   * @param high where it ends
   */
  private record Function(
      String name,
      UnaryOperator<FloatVector> lanes,
      Scalar scalar,
      DoubleUnaryOperator exact,
      double maxError,
      boolean absolute,
      float low,
      float high) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float MAX = Float.MAX_VALUE;

  private static double sigmoid(double x) {
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }

  private static double siluDerivative(double x) {
    return sigmoid(x) * (1 + x * sigmoid(-x));
  }

  static List<Function> functions() {
    return List.of(
        new Function("exp", VectorMath::exp, VectorMath::exp, Math::exp, 1.1, false, -INF, INF),
        new Function("log", VectorMath::log, VectorMath::log, Math::log, 0.9, false, 0, INF),
        new Function(
            "sigmoid",
            VectorMath::sigmoid,
            VectorMath::sigmoid,
            VectorMathTest::sigmoid,
            2.4,
            false,
            -INF,
            INF),
        new Function(
            "silu", VectorMath::silu, VectorMath::silu, x -> x * sigmoid(x), 3.2, false, -87, INF),
        new Function(
            "siluDerivative",
            VectorMath::siluDerivative,
            VectorMath::siluDerivative,
            VectorMathTest::siluDerivative,
            3e-7,
            true,
            -MAX,
            MAX),
        new Function("tanh", VectorMath::tanh, VectorMath::tanh, Math::tanh, 2.6, false, -INF, INF),
        new Function("sin", VectorMath::sin, VectorMath::sin, Math::sin, 1.6, false, -MAX, MAX),
        new Function("cos", VectorMath::cos, VectorMath::cos, Math::cos, 1.6, false, -MAX, MAX));
  }

  private static final float[] EDGES = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    0x0.fffffep-126f,
    MAX,
    -MAX,
    INF,
    -INF,
    Float.NaN,
    88.72283f,
    88.72284f,
    89f,
    -87.33654f,
    -87.4f,
    -103.97f,
    -103.98f,
    -104f,
    -104.1f,
    104f,
    104.1f,
    0.625f,
    -0.625f,
    0.62499994f,
    9f,
    9.1f,
    20f,
    -20f,
    0.70710677f,
    0.7071068f,
    1.4142135f,
    1.4142136f,
    131072f,
    131073f,
    -131073f,
    1.5707964f,
    3.1415927f,
    0.7853982f,
    1e-20f,
    1e30f
  };

  /** The edges, then a sweep over all exponents and both signs in steps coprime to 2^32. */
  private static float[] arguments() {
    float[] x = new float[1 << 20];
    System.arraycopy(EDGES, 0, x, 0, EDGES.length);
    for (int i = EDGES.length; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(i * 0x9E3779B1);
    }
    return x;
  }

  private static float[] lanes(Function function, float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i += VectorMath.SPECIES.length()) {
      function.lanes.apply(FloatVector.fromArray(VectorMath.SPECIES, x, i)).intoArray(y, i);
    }
    return y;
  }

  @ParameterizedTest
  @MethodSource("functions")
  void staysWithinItsErrorAndEqualsItsScalarTwin(Function function) {
    float[] x = arguments();
    float[] y = lanes(function, x);
    for (int i = 0; i < x.length; i++) {
      int at = i;
      assertEquals(
          Float.floatToIntBits(function.scalar.at(x[i])),
          Float.floatToIntBits(y[i]),
          () -> function + " of " + x[at] + ": scalar against vector");
      if (x[i] >= function.low && x[i] <= function.high) {
        double exact = function.exact.applyAsDouble(x[i]);
        assertTrue(
            withinError(function, exact, y[i]),
            () -> function + " of " + x[at] + ": expected " + exact + ", found " + y[at]);
      }
    }
  }

  private static boolean withinError(Function function, double exact, float found) {
    if (Double.isNaN(exact) || Double.isInfinite(exact)) {
      return Float.compare((float) exact, found) == 0;
    }
    if (Float.isInfinite(found)) {
      return (float) exact == found; // Rounds to an infinity.
    }
    double unit = function.absolute ? 1 : Math.ulp((float) exact);
    return Math.abs(found - exact) <= function.maxError * unit;
  }

  @ParameterizedTest
  @MethodSource("functions")
  void givesNaNForNaN(Function function) {
    assertTrue(Float.isNaN(function.scalar.at(Float.NaN)));
    assertTrue(Float.isNaN(function.scalar.at(Float.intBitsToFloat(0xffc12345))));
  }

  /** A loop that is run often enough to be compiled must not change its bits on the way. */
  @ParameterizedTest
  @MethodSource("functions")
  void givesTheSameBitsInterpretedAndCompiled(Function function) {
    float[] x = new float[4096];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 2048) * 0.0137f;
    }
    float[] first = lanes(function, x);
    for (int round = 0; round < 300; round++) {
      float[] again = lanes(function, x);
      for (int i = 0; i < x.length; i++) {
        assertEquals(Float.floatToIntBits(first[i]), Float.floatToIntBits(again[i]));
      }
    }
  }
}
