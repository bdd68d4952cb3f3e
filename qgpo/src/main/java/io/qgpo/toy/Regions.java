package io.qgpo.toy;

/**
 * How many points of a sample are in each region of a set, and how they spread there.
 *
 * @param shares of all points, region by region; they add up to 1
 * @param deviations standard deviation in each region about the mean of its points, over both
 *     directions; NaN with fewer than two points
 */
record Regions(double[] shares, double[] deviations) {
  /** Counts. */
  static Regions of(ToySet set, float[] points) {
    int n = points.length / 2;
    int[] counts = new int[set.regions()];
    double[] x = new double[counts.length];
    double[] y = new double[counts.length];
    for (int i = 0; i < n; i++) {
      int k = set.region(points[2 * i], points[2 * i + 1]);
      counts[k]++;
      x[k] += points[2 * i];
      y[k] += points[2 * i + 1];
    }
    double[] squares = new double[counts.length];
    for (int i = 0; i < n; i++) {
      int k = set.region(points[2 * i], points[2 * i + 1]);
      double dx = points[2 * i] - x[k] / counts[k];
      double dy = points[2 * i + 1] - y[k] / counts[k];
      squares[k] += dx * dx + dy * dy;
    }
    double[] shares = new double[counts.length];
    double[] deviations = new double[counts.length];
    for (int k = 0; k < counts.length; k++) {
      shares[k] = (double) counts[k] / n;
      deviations[k] = counts[k] < 2 ? Double.NaN : Math.sqrt(squares[k] / (2.0 * (counts[k] - 1)));
    }
    return new Regions(shares, deviations);
  }

  /** The total variation distance of the shares: the part that would have to move. */
  double totalVariation(Regions other) {
    double sum = 0;
    for (int k = 0; k < shares.length; k++) {
      sum += Math.abs(shares[k] - other.shares[k]);
    }
    return sum / 2;
  }

  /** The standard deviation within regions: the root of the mean variance, by share. */
  double deviation() {
    double sum = 0;
    double total = 0;
    for (int k = 0; k < shares.length; k++) {
      if (!Double.isNaN(deviations[k])) {
        sum += shares[k] * deviations[k] * deviations[k];
        total += shares[k];
      }
    }
    return Math.sqrt(sum / total);
  }
}
