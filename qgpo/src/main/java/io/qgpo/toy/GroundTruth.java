package io.qgpo.toy;

import io.qgpo.exact.GaussianMixture;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The target of guidance, p proportional to q exp(beta e), as it is and not as it is learnt. */
record GroundTruth(ToySet set, double beta) {
  /** In closed form; empty if the set has none. */
  Optional<GaussianMixture> mixture() {
    return set.mixture()
        .map(
            q -> {
              double[] energies = new double[q.components()];
              for (int k = 0; k < energies.length; k++) {
                energies[k] = beta * set.energy(q.mean(k, 0), q.mean(k, 1));
              }
              return q.reweighted(energies);
            });
  }

  /**
   * Draws points of p: of the closed form, or of a million fresh points of q, each as often as its
   * weight asks.
   *
   * @param stream names what they are for
   * @return x and y by turns
   */
  float[] draw(int n, long seed, String stream) {
    RandomGenerator random = ToyData.random(set, seed, stream + " of the truth");
    return mixture()
        .map(mixture -> drawn(mixture, n, random))
        .orElseGet(() -> resampled(ToyData.draw(set, ToyData.PAPER_SIZE, seed, stream), n, random));
  }

  /** Points of a mixture in the plane, x and y by turns. */
  static float[] drawn(GaussianMixture mixture, int n, RandomGenerator random) {
    float[] points = new float[2 * n];
    for (int i = 0; i < n; i++) {
      double[] point = mixture.sample(random);
      points[2 * i] = (float) point[0];
      points[2 * i + 1] = (float) point[1];
    }
    return points;
  }

  private float[] resampled(ToyData pool, int n, RandomGenerator random) {
    float[] energies = pool.energies();
    double[] sums = new double[energies.length];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += Math.exp(beta * energies[i]); // beta e is 20 at most: far from overflow
      sums[i] = sum;
    }
    float[] points = new float[2 * n];
    for (int i = 0; i < n; i++) {
      int at = Arrays.binarySearch(sums, random.nextDouble() * sum);
      int chosen = at < 0 ? -at - 1 : at;
      System.arraycopy(pool.points(), 2 * chosen, points, 2 * i, 2);
    }
    return points;
  }
}
