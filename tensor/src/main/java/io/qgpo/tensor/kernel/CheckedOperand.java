package io.qgpo.tensor.kernel;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ScalarBackend;
import io.qgpo.tensor.kernel.Operand.Trait;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One operand of a kernel under check: for the oracle in float64, and as the kernel gets it,
 * float32 between guards, with guards in the gaps between rows.
 *
 * <p>The whole is a matrix of {@link #allRows} rows of {@link #leadingDimension} elements, of which
 * the operand is a part.
 */
public final class CheckedOperand {
  /**
   * NaNs that differ in what a computation hands on: one around inputs, which whoever reads outside
   * gets, and one around and in results, which then is nobody's.
   */
  private static final int INPUT_GUARD = 0x7fc3c3c3;

  private static final int RESULT_GUARD = 0x7fc5a5a5;

  /** Rows of guard before and behind: a multiple of 256 bytes, whatever the row. */
  private static final int GUARD_ROWS = 64;

  private final Operand operand;
  private final Tensor tensor;
  private final int rows;
  private final int columns;
  private final int leadingDimension;
  private final int first;
  private final float[] initial;
  private final boolean written;

  /**
   * Makes it, with random numbers.
   *
   * @param written whether the kernel writes it, an input in whose place a result lies, too
   */
  CheckedOperand(
      Operand operand, CheckCase of, boolean written, ScalarBackend oracle, Random random) {
    this.operand = operand;
    this.written = written;
    tensor = Tensor.empty(oracle, DType.FLOAT64, KernelOp.shape(operand, of.sizes()));
    rows = tensor.rows();
    columns = tensor.columns();
    leadingDimension = columns + of.gap();
    first = GUARD_ROWS * leadingDimension + of.offset();
    initial = new float[allRows() * leadingDimension];
    Arrays.fill(initial, Float.intBitsToFloat(written ? RESULT_GUARD : INPUT_GUARD));
    if (!isResult()) {
      double[] values = new double[rows * columns];
      for (int i = 0; i < values.length; i++) {
        float value = of.scale() * (2 * random.nextFloat() - 1);
        if (of.hasNan() && i == values.length / 2 && isFirst()) {
          value = Float.NaN;
        }
        initial[place(i)] = value;
        values[i] = value;
      }
      oracle.write(values, 0, tensor);
    }
  }

  /** What it is in the operation. */
  public Operand operand() {
    return operand;
  }

  /** The oracle's. */
  Tensor tensor() {
    return tensor;
  }

  /** Rows of the operand and of the guards. */
  public int allRows() {
    return rows + 2 * GUARD_ROWS;
  }

  /** Elements from one row to the next. */
  public int leadingDimension() {
    return leadingDimension;
  }

  /** Where the operand begins in the whole. */
  public int first() {
    return first;
  }

  /** Rows of the operand. */
  public int rows() {
    return rows;
  }

  /** Columns of the operand. */
  public int columns() {
    return columns;
  }

  /** All elements before a run: inputs, and guards where there are results. */
  public float[] initial() {
    return initial.clone();
  }

  private boolean isFirst() {
    return List.of("x", "a", "z").contains(operand.name());
  }

  private boolean isResult() {
    return operand.traits().contains(Trait.RESULT);
  }

  private int place(int i) {
    return first + i / columns * leadingDimension + i % columns;
  }

  /** What is wrong with what a run left, but for the values; empty if nothing is. */
  Optional<String> damage(int[] bits) {
    boolean[] inside = new boolean[bits.length];
    for (int i = 0; i < rows * columns; i++) {
      inside[place(i)] = true;
    }
    for (int i = 0; i < bits.length; i++) {
      boolean changed = bits[i] != Float.floatToRawIntBits(initial[i]);
      if (changed && !inside[i]) {
        return Optional.of(
            "a write outside %s, %s: guard the last rows and columns"
                .formatted(operand.name(), outside(i)));
      }
      if (changed && !written) {
        return Optional.of(
            "a write into the input %s, at %s".formatted(operand.name(), at(elementAt(i))));
      }
    }
    return Optional.empty();
  }

  private String outside(int i) {
    int from = i - first;
    if (from < 0) {
      return -from + " elements before it";
    }
    return from < rows * leadingDimension
        ? "in the gap behind row " + from / leadingDimension
        : (from - (rows - 1) * leadingDimension - columns + 1) + " elements behind its end";
  }

  private int elementAt(int i) {
    return (i - first) / leadingDimension * columns + (i - first) % leadingDimension;
  }

  private String at(int element) {
    return "row " + element / columns + ", column " + element % columns;
  }

  /** How far a result is from the oracle's. */
  record Distance(double error, String worst) {}

  /**
   * Compares a result with the oracle's: the norm of the difference over that of the reference, or
   * that of ones where it is smaller, since a sum of few may cancel. NaN and infinity belong where
   * the oracle has them.
   */
  Distance distance(int[] bits) {
    double[] expected = tensor.toDoubleArray();
    double difference = 0;
    double norm = 0;
    double largest = -1;
    String worst = "";
    for (int i = 0; i < expected.length; i++) {
      float found = Float.intBitsToFloat(bits[place(i)]);
      if (bits[place(i)] == RESULT_GUARD) {
        return new Distance(
            Double.NaN, "%s at %s is never written".formatted(operand.name(), at(i)));
      }
      // What overflows float32 is infinite in both, and nothing else is.
      float nearest = (float) expected[i];
      if (!Float.isFinite(nearest) || !Float.isFinite(found)) {
        if (Float.compare(nearest, found) != 0) {
          return new Distance(Double.NaN, differing(i, found, expected[i]));
        }
        continue;
      }
      double off = Math.abs(found - expected[i]);
      difference += off * off;
      norm += expected[i] * expected[i];
      if (off > largest) {
        largest = off;
        worst = differing(i, found, expected[i]);
      }
    }
    return new Distance(Math.sqrt(difference / Math.max(norm, expected.length)), worst);
  }

  private String differing(int i, float found, double expected) {
    return "%s at %s is %s, expected %.7g".formatted(operand.name(), at(i), found, expected);
  }

  /** The first element that differs between two runs, in words; empty if none does. */
  Optional<String> firstDifference(int[] one, int[] other) {
    int at = Arrays.mismatch(one, other);
    return at < 0
        ? Optional.empty()
        : Optional.of(
            "%s at %s is %s or %s"
                .formatted(
                    operand.name(),
                    at(elementAt(at)),
                    Float.intBitsToFloat(one[at]),
                    Float.intBitsToFloat(other[at])));
  }
}
