package io.qgpo.benchmarks;

import io.qgpo.benchmarks.Case.Group;
import io.qgpo.benchmarks.Case.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All cases, by group. */
public final class Cases {
  /** Of an array that stays in a second-level cache together with a result. */
  private static final int IN_CACHE = 64 * 1024;

  /** Of an array that does not fit into any cache. */
  private static final int IN_MEMORY = 16 * 1024 * 1024;

  /**
   * Rows x inputs x outputs of linear layers: those of the behaviour network at batch 4096, of the
   * critic and the energy at 256 states of 16 candidates and at 256, of policies that act in 1, 16
   * and 64 states, and sizes that no tile divides.
   */
  private static final int[][] LAYERS = {
    {4096, 512, 512}, {4096, 512, 256}, {4096, 256, 512}, {4096, 256, 256}, {4096, 256, 128},
    {4096, 128, 512}, {4096, 128, 256}, {4096, 128, 128}, {4096, 64, 128}, {4096, 32, 32},
    {4096, 11, 32}, {4096, 3, 512}, {4096, 1024, 3}, {4096, 14, 256}, {4096, 46, 256},
    {4096, 256, 1}, {256, 256, 256}, {256, 14, 256}, {256, 256, 1}, {64, 512, 512},
    {64, 256, 256}, {16, 512, 512}, {16, 256, 256}, {16, 128, 512}, {1, 512, 512},
    {1, 256, 256}, {207, 63, 65}, {4098, 207, 63}
  };

  /** Rows up to which a layer is one of a policy that acts; only training has more. */
  private static final int MOST_ACTING = 64;

  private Cases() {}

  /** Those of a group whose name contains a text. */
  public static List<Case> of(Group group, String only) {
    return of(group).stream().filter(one -> one.label().contains(only)).toList();
  }

  /** Those of a group, in the order in which they are timed. */
  public static List<Case> of(Group group) {
    List<Case> cases = new ArrayList<>();
    switch (group) {
      case GEMM -> {
        for (int[] layer : LAYERS) {
          products(layer[0], layer[1], layer[2], cases);
        }
      }
      case ELEMENTWISE -> {
        for (int n : new int[] {IN_CACHE, IN_MEMORY}) {
          elementwise(Kind.EXP, n, 2, cases);
          elementwise(Kind.SILU, n, 2, cases);
          elementwise(Kind.SILU_GRAD, n, 3, cases);
          int[] rows = {n / 16, 16};
          cases.add(
              new Case(
                  group, "softmax " + rows[0] + " x 16", Kind.SOFTMAX, rows, 0, bytes(2.0 * n)));
        }
        // Reads the parameter, its gradient and both moments; writes all but the gradient.
        elementwise(Kind.ADAM, 1_634_000, 7, cases);
      }
      case GATHER -> {
        for (int columns : new int[] {3, 11, 48}) {
          int[] sizes = {Workload.TRANSITIONS, 4096, columns};
          double numbers = 4096.0 * (2 * columns + 1); // with the indices
          cases.add(
              new Case(group, "gather 4096 x " + columns, Kind.GATHER, sizes, 0, bytes(numbers)));
        }
      }
      case STEPS, SAMPLING -> {
        for (Workload workload : Workload.values()) {
          if (workload.isSampling() == (group == Group.SAMPLING)) {
            int[] sizes = {workload.ordinal()};
            cases.add(new Case(group, workload.label(), Kind.WORKLOAD, sizes, 0, 0));
          }
        }
      }
    }
    return cases;
  }

  private static double bytes(double numbers) {
    return Float.BYTES * numbers;
  }

  /** With {@code arrays} of n numbers that a call reads or writes. */
  private static void elementwise(Kind kind, int n, int arrays, List<Case> cases) {
    String label = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + n;
    int[] sizes = {n};
    cases.add(new Case(Group.ELEMENTWISE, label, kind, sizes, 0, bytes((double) arrays * n)));
  }

  /**
   * The three products of a layer: forward, gradient of the input, gradient of the weight; of a
   * policy that acts also the layer as it computes it.
   */
  private static void products(int rows, int inputs, int outputs, List<Case> cases) {
    product(Kind.GEMM_NT, rows, outputs, inputs, cases);
    product(Kind.GEMM_NN, rows, inputs, outputs, cases);
    if (rows > MOST_ACTING) {
      product(Kind.GEMM_TN, outputs, inputs, rows, cases);
    } else {
      product(Kind.LINEAR, rows, outputs, inputs, cases);
    }
  }

  private static void product(Kind kind, int m, int n, int k, List<Case> cases) {
    String name = kind == Kind.LINEAR ? "linear" : kind.name().substring("GEMM_".length());
    String label = "%s %d x %d, k %d".formatted(name, m, n, k);
    double numbers = (double) m * k + (double) k * n + (double) m * n;
    double flop = 2.0 * m * n * k;
    cases.add(new Case(Group.GEMM, label, kind, new int[] {m, n, k}, flop, bytes(numbers)));
  }
}
