package io.qgpo.diffusion;

import java.util.Arrays;

/** The orders of fixed steps and the times between them. */
final class StepPlan {
  private final int[] orders;
  private final double[] times;

  private StepPlan(int[] orders, double[] times) {
    this.orders = orders;
    this.times = times;
  }

  static StepPlan of(SolverOptions options, NoiseSchedule schedule, double from, double to) {
    int[] orders = orders(options);
    TimeGrid grid = options.grid();
    double[] times = new double[orders.length + 1];
    // Single steps on uniform or quadratic times take as many intervals of a grid of evaluations
    // as their order says, so that each evaluation has its share; in lambda steps are alike.
    boolean byEvaluations =
        options.method() == SolverOptions.Method.SINGLESTEP && grid != TimeGrid.LOG_SNR;
    int intervals = byEvaluations ? options.evaluations() : orders.length;
    int node = 0;
    for (int i = 0; i < times.length; i++) {
      times[i] = grid.node(schedule, from, to, node, intervals);
      node += byEvaluations && i < orders.length ? orders[i] : 1;
    }
    return new StepPlan(orders, times);
  }

  private static int[] orders(SolverOptions options) {
    int order = options.order();
    int evaluations = options.evaluations();
    return switch (options.method()) {
      case SINGLESTEP -> usingUp(order, evaluations);
      case SINGLESTEP_FIXED -> filled(evaluations / order, order);
      default -> {
        int[] orders = filled(evaluations, order);
        if (options.lowerOrderFinal()) {
          for (int left = 1; left <= Math.min(order, evaluations); left++) {
            orders[evaluations - left] = left;
          }
        }
        yield orders;
      }
    };
  }

  private static int[] filled(int steps, int order) {
    int[] orders = new int[steps];
    Arrays.fill(orders, order);
    return orders;
  }

  /**
   * Orders that add up to the evaluations: DPM-Solver-fast (Lu et al. 2022, section 3.3 and
   * appendix D.3), which at order 3 ends with [2, 1], [1] or [2].
   */
  private static int[] usingUp(int order, int evaluations) {
    int[] orders = filled((evaluations + order - 1) / order, order);
    int rest = evaluations % order;
    if (order == 3 && rest == 0) {
      orders = Arrays.copyOf(orders, orders.length + 1);
      orders[orders.length - 2] = 2;
      orders[orders.length - 1] = 1;
    } else if (rest > 0) {
      orders[orders.length - 1] = rest;
    }
    return orders;
  }

  int steps() {
    return orders.length;
  }

  int order(int step) {
    return orders[step];
  }

  double time(int node) {
    return times[node];
  }
}
