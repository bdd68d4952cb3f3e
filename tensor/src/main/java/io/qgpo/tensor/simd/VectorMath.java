package io.qgpo.tensor.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions of float vectors, each beside a scalar twin that gives the same bits.
 *
 * <p>They are written out here, and not taken from the vector library of the JDK, because that one
 * gives other bits in compiled than in interpreted code, and a resumed run must repeat bit by bit.
 * Only operations with one exact result are used: add, multiply, fused multiply-add, divide, and
 * integer operations, so every platform and vector width gives the same bits.
 *
 * <p>Errors against the exact value, the greatest found over every 7th of all floats, in units in
 * the last place of the result: exp 1.1, log 0.9, sigmoid 2.4, silu 3.2 (for x &gt;= -87, where the
 * result is not subnormal), tanh 2.5, sin and cos 1.6; siluDerivative 3e-7 absolutely. NaN gives
 * NaN. The sign of a zero result is not kept.
 *
 * <p>The compiler keeps vectors in registers only where it sees the whole calculation; otherwise
 * every vector becomes two objects. Its own rule is to inline what it has counted often, and while
 * it is busy at the start it does not count: in 5 of 12 runs a training step then allocated 180 MB,
 * to the end. So programs that use this backend start with {@code
 * -XX:CompileCommand=inline,io.qgpo.tensor.simd.VectorMath::*} (0 of 12). Still, a function that
 * takes a vector should be shorter than 325 bytes of bytecode, of which a coverage tool takes some
 * 20, and calls functions of this class early, since after 18,000 nodes of its graph (some 80
 * vector operations) the compiler inlines the Vector API's own methods only.
 *
 * <p>Polynomial coefficients are minimax fits (Remez exchange in 60 digits, for relative error of
 * the whole function), rounded to float.
 */
public final class VectorMath {
  /** The width that all kernels use: the widest that this machine runs well, up to 16 lanes. */
  public static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() <= 16
          ? FloatVector.SPECIES_PREFERRED
          : FloatVector.SPECIES_512;

  /** The same lanes as integers. */
  static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

  private VectorMath() {}

  // Adding 1.5 * 2^23 leaves a float with the nearest integer in its low mantissa bits.
  private static final float ROUNDER = 0x1.8p23f;
  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  // ---- Sum of lanes ----------------------------------------------------------------------------

  private static final int LANES = SPECIES.length();
  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private static VectorShuffle<Float> rotation(int lanes) {
    return VectorShuffle.fromOp(SPECIES, i -> (i + lanes) % SPECIES.length());
  }

  /**
   * The sum of the lanes: the upper half is added to the lower until one lane is left. ({@code
   * reduceLanes(ADD)} has no specified order for floats.)
   */
  public static float sum(FloatVector x) {
    return sumInEachLane(x).lane(0);
  }

  /** {@link #sum} in each lane: the halves are exchanged, and either order adds to the same. */
  static FloatVector sumInEachLane(FloatVector x) {
    FloatVector y = x;
    if (LANES >= 16) {
      y = y.add(y.rearrange(BY_8));
    }
    if (LANES >= 8) {
      y = y.add(y.rearrange(BY_4));
    }
    if (LANES >= 4) {
      y = y.add(y.rearrange(BY_2));
    }
    if (LANES >= 2) {
      y = y.add(y.rearrange(BY_1));
    }
    return y;
  }

  /** The largest lane in each lane; NaN if any is. */
  static FloatVector maxInEachLane(FloatVector x) {
    FloatVector y = x;
    if (LANES >= 16) {
      y = y.max(y.rearrange(BY_8));
    }
    if (LANES >= 8) {
      y = y.max(y.rearrange(BY_4));
    }
    if (LANES >= 4) {
      y = y.max(y.rearrange(BY_2));
    }
    if (LANES >= 2) {
      y = y.max(y.rearrange(BY_1));
    }
    return y;
  }

  // ---- exp -------------------------------------------------------------------------------------

  private static final float LOG2_E = 0x1.715476p0f;
  // ln 2 in two parts. The first is the nearest float: n LN2_HIGH is subtracted without rounding,
  // since it is exact inside the fused operation and the difference has few bits.
  private static final float LN2_HIGH = 0x1.62e43p-1f;
  private static final float LN2_LOW = -0x1.05c61p-29f;
  // (exp(r) - 1 - r) / r^2 on |r| <= ln(2) / 2; relative error of exp 2^-28.3.
  private static final float EXP_2 = 0x1.fffffcp-2f;
  private static final float EXP_3 = 0x1.555492p-3f;
  private static final float EXP_4 = 0x1.5558f2p-5f;
  private static final float EXP_5 = 0x1.123a2p-7f;
  private static final float EXP_6 = 0x1.6a23dp-10f;

  /** Beyond this, exp is infinite above and less than half the least float below. */
  private static final float EXP_LIMIT = 104;

  /** e^x; subnormal results are rounded correctly from the same error. */
  public static FloatVector exp(FloatVector x) {
    return expWithin(x)
        .blend(Float.POSITIVE_INFINITY, x.compare(GT, EXP_LIMIT))
        .blend(0f, x.compare(LT, -EXP_LIMIT));
  }

  /** The twin of {@link #exp(FloatVector)}. */
  public static float exp(float x) {
    if (x > EXP_LIMIT) {
      return Float.POSITIVE_INFINITY;
    }
    return x < -EXP_LIMIT ? 0 : expWithin(x);
  }

  /** e^x for |x| at most {@link #EXP_LIMIT}, or NaN. */
  private static FloatVector expWithin(FloatVector x) {
    FloatVector shifted = x.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(SPECIES, -LN2_HIGH), x);
    r = n.fma(broadcast(SPECIES, -LN2_LOW), r);
    FloatVector q = broadcast(SPECIES, EXP_6).fma(r, broadcast(SPECIES, EXP_5));
    q = q.fma(r, broadcast(SPECIES, EXP_4));
    q = q.fma(r, broadcast(SPECIES, EXP_3));
    q = q.fma(r, broadcast(SPECIES, EXP_2));
    FloatVector y = q.fma(r.mul(r), r).add(1f);
    // 2^n in two factors: n reaches from -150 to 150, the exponent of one float does not.
    IntVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
    IntVector half = power.lanewise(ASHR, 1);
    FloatVector first = half.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector second = power.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    return y.mul(first).mul(second);
  }

  private static float expWithin(float x) {
    float shifted = Math.fma(x, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_HIGH, x);
    r = Math.fma(n, -LN2_LOW, r);
    float q = Math.fma(EXP_6, r, EXP_5);
    q = Math.fma(q, r, EXP_4);
    q = Math.fma(q, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    float y = Math.fma(q, r * r, r) + 1;
    int power = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
    int half = power >> 1;
    return y * powerOfTwo(half) * powerOfTwo(power - half);
  }

  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }

  // ---- log -------------------------------------------------------------------------------------

  // (log(1 + f) - f + f^2 / 2) / f^3 on sqrt(1/2) <= 1 + f <= sqrt(2); relative error 2^-27.4.
  private static final float LOG_3 = 0x1.555554p-2f;
  private static final float LOG_4 = -0x1.000226p-2f;
  private static final float LOG_5 = 0x1.99a008p-3f;
  private static final float LOG_6 = -0x1.547244p-3f;
  private static final float LOG_7 = 0x1.22da1cp-3f;
  private static final float LOG_8 = -0x1.0d854p-3f;
  private static final float LOG_9 = 0x1.055b6cp-3f;
  private static final float LOG_10 = -0x1.38b59p-4f;
  private static final int SQRT_HALF_BITS = 0x3f3504f3;
  private static final float SUBNORMAL_SCALE = 0x1p23f;

  /** The natural logarithm; -Infinity of 0, NaN of negative numbers. */
  public static FloatVector log(FloatVector x) {
    VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
    FloatVector scaled = x.mul(broadcast(SPECIES, 1f).blend(SUBNORMAL_SCALE, tiny));
    FloatVector y = logWithin(scaled, broadcast(SPECIES, 0f).blend(23f, tiny));
    return y.blend(x, x.compare(LT, Float.POSITIVE_INFINITY).not())
        .blend(Float.NaN, x.compare(LT, 0f))
        .blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
  }

  /** The logarithm of x 2^-power for positive x that are neither subnormal nor infinite. */
  private static FloatVector logWithin(FloatVector x, FloatVector power) {
    IntVector bits = x.reinterpretAsInts();
    IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 23);
    FloatVector f = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1f);
    // As a float by way of its bits: |exponent| is far below 2^22.
    FloatVector e = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER).sub(power);
    FloatVector p = broadcast(SPECIES, LOG_10).fma(f, broadcast(SPECIES, LOG_9));
    p = p.fma(f, broadcast(SPECIES, LOG_8));
    p = p.fma(f, broadcast(SPECIES, LOG_7));
    p = p.fma(f, broadcast(SPECIES, LOG_6));
    p = p.fma(f, broadcast(SPECIES, LOG_5));
    p = p.fma(f, broadcast(SPECIES, LOG_4));
    p = p.fma(f, broadcast(SPECIES, LOG_3));
    FloatVector square = f.mul(f);
    FloatVector y = p.mul(f).mul(square);
    y = e.fma(broadcast(SPECIES, LN2_LOW), y);
    y = square.fma(broadcast(SPECIES, -0.5f), y);
    return e.fma(broadcast(SPECIES, LN2_HIGH), f.add(y));
  }

  /** The twin of {@link #log(FloatVector)}. */
  public static float log(float x) {
    if (x == 0) {
      return Float.NEGATIVE_INFINITY;
    }
    if (x < 0) {
      return Float.NaN;
    }
    if (!(x < Float.POSITIVE_INFINITY)) {
      return x;
    }
    boolean tiny = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(tiny ? x * SUBNORMAL_SCALE : x);
    int exponent = (bits - SQRT_HALF_BITS) >> 23;
    float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1;
    float e = exponent - (tiny ? 23f : 0f);
    float p = Math.fma(LOG_10, f, LOG_9);
    p = Math.fma(p, f, LOG_8);
    p = Math.fma(p, f, LOG_7);
    p = Math.fma(p, f, LOG_6);
    p = Math.fma(p, f, LOG_5);
    p = Math.fma(p, f, LOG_4);
    p = Math.fma(p, f, LOG_3);
    float square = f * f;
    float y = p * f * square;
    y = Math.fma(e, LN2_LOW, y);
    y = Math.fma(square, -0.5f, y);
    return Math.fma(e, LN2_HIGH, f + y);
  }

  // ---- sigmoid, silu, tanh ---------------------------------------------------------------------

  /** 1 / (1 + e^-x), from e^-|x| so that nothing overflows and small results keep their digits. */
  public static FloatVector sigmoid(FloatVector x) {
    FloatVector e = expOfMinusAbs(x);
    return broadcast(SPECIES, 1f).blend(e, x.compare(LT, 0f)).div(e.add(1f));
  }

  /** The twin of {@link #sigmoid(FloatVector)}. */
  public static float sigmoid(float x) {
    float e = expOfMinusAbs(x);
    return (x < 0 ? e : 1) / (e + 1);
  }

  private static FloatVector expOfMinusAbs(FloatVector x) {
    FloatVector z = x.abs().neg();
    return expWithin(z).blend(0f, z.compare(LT, -EXP_LIMIT));
  }

  private static float expOfMinusAbs(float x) {
    float z = -Math.abs(x);
    return z < -EXP_LIMIT ? 0 : expWithin(z);
  }

  // e^-x for both signs of x, in one factor of 2^n: for SiLU, which the layers of the networks
  // spend their time on. Adding 127 to the rounder puts the exponent's bits where they belong.
  private static final float EXPONENT_ROUNDER = ROUNDER + 127;

  /** Beyond this e^-x leaves the normal floats, above and below. */
  private static final float SILU_LIMIT = 87;

  /** e^-x for |x| at most {@link #SILU_LIMIT}, or NaN; anything beyond it. */
  private static FloatVector expOfMinus(FloatVector x) {
    FloatVector shifted = x.fma(broadcast(SPECIES, -LOG2_E), broadcast(SPECIES, EXPONENT_ROUNDER));
    FloatVector n = shifted.sub(EXPONENT_ROUNDER);
    // r = x + n ln 2, the argument of the polynomial with its sign changed.
    FloatVector r = n.fma(broadcast(SPECIES, LN2_HIGH), x);
    r = n.fma(broadcast(SPECIES, LN2_LOW), r);
    FloatVector q = broadcast(SPECIES, EXP_6).fma(r, broadcast(SPECIES, -EXP_5));
    q = q.fma(r, broadcast(SPECIES, EXP_4));
    q = q.fma(r, broadcast(SPECIES, -EXP_3));
    q = q.fma(r, broadcast(SPECIES, EXP_2));
    FloatVector y = q.fma(r.mul(r), broadcast(SPECIES, 1f).sub(r));
    return y.mul(shifted.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats());
  }

  private static float expOfMinus(float x) {
    float shifted = Math.fma(x, -LOG2_E, EXPONENT_ROUNDER);
    float n = shifted - EXPONENT_ROUNDER;
    float r = Math.fma(n, LN2_HIGH, x);
    r = Math.fma(n, LN2_LOW, r);
    float q = Math.fma(EXP_6, r, -EXP_5);
    q = Math.fma(q, r, EXP_4);
    q = Math.fma(q, r, -EXP_3);
    q = Math.fma(q, r, EXP_2);
    float y = Math.fma(q, r * r, 1 - r);
    return y * Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
  }

  /**
   * x sigmoid(x), the activation SiLU. Of -Infinity it is NaN, as in PyTorch: an infinity inside a
   * network is a fault that should not look like a 0.
   */
  public static FloatVector silu(FloatVector x) {
    FloatVector e =
        expOfMinus(x)
            .blend(0f, x.compare(GT, SILU_LIMIT))
            .blend(Float.POSITIVE_INFINITY, x.compare(LT, -SILU_LIMIT));
    return x.div(e.add(1f));
  }

  /** The twin of {@link #silu(FloatVector)}. */
  public static float silu(float x) {
    float e = x > SILU_LIMIT ? 0 : x < -SILU_LIMIT ? Float.POSITIVE_INFINITY : expOfMinus(x);
    return x / (e + 1);
  }

  /**
   * The derivative of SiLU, s(x) (1 + x s(-x)) with the sigmoid s. Its error is absolute: the
   * function has a zero near -1.28, so there is no bound in units of the last place.
   */
  public static FloatVector siluDerivative(FloatVector x) {
    FloatVector within =
        x.blend(SILU_LIMIT, x.compare(GT, SILU_LIMIT))
            .blend(-SILU_LIMIT, x.compare(LT, -SILU_LIMIT));
    FloatVector e = expOfMinus(within);
    FloatVector s = broadcast(SPECIES, 1f).div(e.add(1f));
    FloatVector d = s.mul(within.fma(e.mul(s), broadcast(SPECIES, 1f)));
    // Of an infinity NaN, as above.
    return d.add(x.sub(x));
  }

  /** The twin of {@link #siluDerivative(FloatVector)}. */
  public static float siluDerivative(float x) {
    float within = x > SILU_LIMIT ? SILU_LIMIT : x < -SILU_LIMIT ? -SILU_LIMIT : x;
    float e = expOfMinus(within);
    float s = 1 / (e + 1);
    return s * Math.fma(within, e * s, 1f) + (x - x);
  }

  /** tanh of half of it is 1 in a float. */
  private static final float TANH_LIMIT = 40;

  /**
   * The hyperbolic tangent: its size is |m| / (2 + m) with m = e^-2|x| - 1. With 2^n e^r for the
   * power, m is 2^n (e^r - 1) + (2^n - 1), which keeps the digits of small m.
   */
  public static FloatVector tanh(FloatVector x) {
    FloatVector z = x.abs().mul(-2f).max(-TANH_LIMIT);
    FloatVector shifted = z.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(SPECIES, -LN2_HIGH), z);
    r = n.fma(broadcast(SPECIES, -LN2_LOW), r);
    FloatVector q = broadcast(SPECIES, EXP_6).fma(r, broadcast(SPECIES, EXP_5));
    q = q.fma(r, broadcast(SPECIES, EXP_4));
    q = q.fma(r, broadcast(SPECIES, EXP_3));
    q = q.fma(r, broadcast(SPECIES, EXP_2));
    q = q.fma(r.mul(r), r);
    IntVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
    FloatVector scale = power.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector m = q.fma(scale, scale.sub(1f));
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    return m.abs().div(m.add(2f)).reinterpretAsInts().lanewise(XOR, sign).reinterpretAsFloats();
  }

  /** The twin of {@link #tanh(FloatVector)}. */
  public static float tanh(float x) {
    float z = Math.max(Math.abs(x) * -2f, -TANH_LIMIT);
    float shifted = Math.fma(z, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_HIGH, z);
    r = Math.fma(n, -LN2_LOW, r);
    float q = Math.fma(EXP_6, r, EXP_5);
    q = Math.fma(q, r, EXP_4);
    q = Math.fma(q, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    q = Math.fma(q, r * r, r);
    float scale = powerOfTwo(Float.floatToRawIntBits(shifted) - ROUNDER_BITS);
    float m = Math.fma(q, scale, scale - 1);
    return Math.copySign(Math.abs(m) / (m + 2), x);
  }

  // ---- sin, cos --------------------------------------------------------------------------------

  private static final float TWO_OVER_PI = 0x1.45f306p-1f;
  // pi / 2 in three parts of 24 bits. x - n HALF_PI_1 is exact (see LN2_HIGH).
  private static final float HALF_PI_1 = 0x1.921fb6p0f;
  private static final float HALF_PI_2 = -0x1.777a5cp-25f;
  private static final float HALF_PI_3 = -0x1.ee59dap-50f;
  // (sin(r) / r - 1) / r^2 and (cos(r) - 1 + r^2 / 2) / r^4 as polynomials in r^2 on |r| <= pi / 4
  // + 0.01; relative errors 2^-27.8 and 2^-32.8.
  private static final float SIN_3 = -0x1.555544p-3f;
  private static final float SIN_5 = 0x1.1106b8p-7f;
  private static final float SIN_7 = -0x1.99171ap-13f;
  private static final float COS_4 = 0x1.55554ap-5f;
  private static final float COS_6 = -0x1.6c0ba6p-10f;
  private static final float COS_8 = 0x1.99c2acp-16f;

  /**
   * Up to here the three parts of pi / 2 reduce an argument well; beyond, StrictMath does it in
   * double. Fourier features reach about 1000.
   */
  private static final float TRIGONOMETRIC_LIMIT = 0x1p17f;

  /** The sine of an angle in radians, any finite one. */
  public static FloatVector sin(FloatVector x) {
    if (x.abs().compare(GT, TRIGONOMETRIC_LIMIT).anyTrue()) {
      return eachLane(x, 0);
    }
    return sinOfQuarterTurns(x, IntVector.zero(INTS));
  }

  /** The twin of {@link #sin(FloatVector)}. */
  public static float sin(float x) {
    return Math.abs(x) > TRIGONOMETRIC_LIMIT ? (float) StrictMath.sin(x) : sinOfQuarterTurns(x, 0);
  }

  /** The cosine of an angle in radians, any finite one. */
  public static FloatVector cos(FloatVector x) {
    if (x.abs().compare(GT, TRIGONOMETRIC_LIMIT).anyTrue()) {
      return eachLane(x, 1);
    }
    return sinOfQuarterTurns(x, IntVector.broadcast(INTS, 1));
  }

  /** The twin of {@link #cos(FloatVector)}. */
  public static float cos(float x) {
    return Math.abs(x) > TRIGONOMETRIC_LIMIT ? (float) StrictMath.cos(x) : sinOfQuarterTurns(x, 1);
  }

  /** Lane by lane, where one lane is outside the fast range. */
  private static FloatVector eachLane(FloatVector x, int quarterTurns) {
    float[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = quarterTurns == 0 ? sin(lanes[i]) : cos(lanes[i]);
    }
    return FloatVector.fromArray(SPECIES, lanes, 0);
  }

  /** sin(x + quarterTurns pi / 2) for |x| up to {@link #TRIGONOMETRIC_LIMIT}. */
  static FloatVector sinOfQuarterTurns(FloatVector x, IntVector quarterTurns) {
    FloatVector shifted = x.fma(broadcast(SPECIES, TWO_OVER_PI), broadcast(SPECIES, ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(SPECIES, -HALF_PI_1), x);
    r = n.fma(broadcast(SPECIES, -HALF_PI_2), r);
    r = n.fma(broadcast(SPECIES, -HALF_PI_3), r);
    FloatVector u = r.mul(r);
    FloatVector s = broadcast(SPECIES, SIN_7).fma(u, broadcast(SPECIES, SIN_5));
    s = s.fma(u, broadcast(SPECIES, SIN_3)).fma(u.mul(r), r);
    FloatVector c = broadcast(SPECIES, COS_8).fma(u, broadcast(SPECIES, COS_6));
    c =
        c.fma(u, broadcast(SPECIES, COS_4))
            .fma(u, broadcast(SPECIES, -0.5f))
            .fma(u, broadcast(SPECIES, 1f));
    IntVector quadrant = shifted.reinterpretAsInts().add(quarterTurns);
    FloatVector y = s.blend(c, quadrant.and(1).compare(NE, 0).cast(SPECIES));
    // Bit 1 of the quadrant is the sign.
    IntVector sign = quadrant.and(2).lanewise(LSHL, 30);
    return y.reinterpretAsInts().lanewise(XOR, sign).reinterpretAsFloats();
  }

  private static float sinOfQuarterTurns(float x, int quarterTurns) {
    float shifted = Math.fma(x, TWO_OVER_PI, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -HALF_PI_1, x);
    r = Math.fma(n, -HALF_PI_2, r);
    r = Math.fma(n, -HALF_PI_3, r);
    float u = r * r;
    int quadrant = Float.floatToRawIntBits(shifted) + quarterTurns;
    float y;
    if ((quadrant & 1) == 0) {
      float s = Math.fma(SIN_7, u, SIN_5);
      y = Math.fma(Math.fma(s, u, SIN_3), u * r, r);
    } else {
      float c = Math.fma(COS_8, u, COS_6);
      c = Math.fma(Math.fma(c, u, COS_4), u, -0.5f);
      y = Math.fma(c, u, 1f);
    }
    return (quadrant & 2) == 0 ? y : -y;
  }
}
