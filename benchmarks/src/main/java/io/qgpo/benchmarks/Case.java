package io.qgpo.benchmarks;

import java.util.Locale;

/**
 * Something that every library is timed on.
 *
 * @param group what it belongs to; a process times a whole group
 * @param label its name, unique in the group
 * @param kind what is done, for the code that does it
 * @param sizes how large, as the kind says
 * @param flop floating-point operations of matrix products in one call; 0 where memory or other
 *     arithmetic bounds it
 * @param bytes that one call reads and writes at least; 0 for a workload
 */
public record Case(Group group, String label, Kind kind, int[] sizes, double flop, double bytes) {

  /** Cases that are timed together in one process. */
  public enum Group {
    /** Matrix products at the sizes of QGPO's layers, and odd ones. */
    GEMM,
    /** One operation on each element, or each row. */
    ELEMENTWISE,
    /** Batches of rows by index. */
    GATHER,
    /** Whole training steps. */
    STEPS,
    /** Actions drawn with 15 evaluations, with guidance and without. */
    SAMPLING;

    /** The name on the command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** {@link #label}, so that help and errors show what is to be typed. */
    @Override
    public String toString() {
      return label();
    }

    /**
     * A group by its name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Group of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /** What is done. */
  public enum Kind {
    /** c = a b^T: sizes m, n, k. */
    GEMM_NT,
    /** c = a b: sizes m, n, k. */
    GEMM_NN,
    /** c = a^T b: sizes m, n, k. */
    GEMM_TN,
    /** y = x w^T + b, for a weight that is made ready beforehand: sizes rows, outputs, inputs. */
    LINEAR,
    /** y = exp(x): size n. */
    EXP,
    /** y = x sigmoid(x): size n. */
    SILU,
    /** dx = dy silu'(x): size n. */
    SILU_GRAD,
    /** Softmax over rows: sizes rows, columns. */
    SOFTMAX,
    /** An Adam step: size n. */
    ADAM,
    /** Rows of a table by random index: sizes rows of the table, rows taken, columns. */
    GATHER,
    /** A {@link Workload}: its ordinal. */
    WORKLOAD
  }

  /** The workload of a case of that kind. */
  public Workload workload() {
    return Workload.values()[sizes[0]];
  }
}
