package io.qgpo.verify;

import io.qgpo.diffusion.CosineSchedule;
import io.qgpo.diffusion.DiscreteSchedule;
import io.qgpo.diffusion.LinearSchedule;
import io.qgpo.diffusion.NoiseSchedule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The schedules that are checked. */
final class Schedules {
  /** Ho et al. 2020: 1000 variances evenly from 1e-4 to .02. */
  static final NoiseSchedule DISCRETE = discrete(1000, 1e-4, 0.02);

  /** By name. */
  static final Map<String, NoiseSchedule> ALL = new LinkedHashMap<>();

  static {
    ALL.put("linear", LinearSchedule.PAPER);
    ALL.put("cosine", CosineSchedule.STANDARD);
    ALL.put("discrete", DISCRETE);
  }

  private Schedules() {}

  /** So many steps whose variances rise evenly. */
  static NoiseSchedule discrete(int steps, double first, double last) {
    double[] betas = new double[steps];
    Arrays.setAll(betas, n -> first + (last - first) * n / (steps - 1));
    return DiscreteSchedule.ofBetas(betas);
  }

  /** The largest error of t = inverseLambda(lambda(t)), over times from .001 on. */
  static double worstInverse(NoiseSchedule schedule) {
    double worst = 0;
    for (double share : new double[] {0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 1}) {
      double t = share * schedule.maxTime();
      worst = Math.max(worst, Math.abs(schedule.inverseLambda(schedule.lambda(t)) - t));
    }
    return worst;
  }
}
