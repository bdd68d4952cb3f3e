package io.qgpo.diffusion;

/** Where between two times a solver's nodes lie. The first and the last are the times given. */
public enum TimeGrid {
  /** Evenly in t: the paper's. */
  TIME_UNIFORM {
    @Override
    double inside(NoiseSchedule schedule, double start, double end, int node, int steps) {
      return start + (end - start) * node / steps;
    }

    @Override
    double between(NoiseSchedule schedule, double s, double t, double share) {
      return (1 - share) * s + share * t;
    }
  },

  /** Evenly in lambda = ln(alpha/sigma) (Lu et al. 2022, section 3.3). */
  LOG_SNR {
    @Override
    double inside(NoiseSchedule schedule, double start, double end, int node, int steps) {
      double first = schedule.lambda(start);
      double h = (schedule.lambda(end) - first) / steps;
      return schedule.inverseLambda(first + node * h);
    }

    @Override
    double between(NoiseSchedule schedule, double s, double t, double share) {
      return schedule.inverseLambda((1 - share) * schedule.lambda(s) + share * schedule.lambda(t));
    }
  },

  /** Evenly in the square root of t, so that steps shorten towards the data. */
  TIME_QUADRATIC {
    @Override
    double inside(NoiseSchedule schedule, double start, double end, int node, int steps) {
      return between(schedule, start, end, (double) node / steps);
    }

    @Override
    double between(NoiseSchedule schedule, double s, double t, double share) {
      double root = (1 - share) * Math.sqrt(s) + share * Math.sqrt(t);
      return root * root;
    }
  };

  /** Node {@code node} of {@code steps} intervals from {@code start} to {@code end}. */
  final double node(NoiseSchedule schedule, double start, double end, int node, int steps) {
    return node == 0 ? start : node == steps ? end : inside(schedule, start, end, node, steps);
  }

  abstract double inside(NoiseSchedule schedule, double start, double end, int node, int steps);

  /** The time that lies this share of the way from s to t: a single step's inner node. */
  abstract double between(NoiseSchedule schedule, double s, double t, double share);
}
