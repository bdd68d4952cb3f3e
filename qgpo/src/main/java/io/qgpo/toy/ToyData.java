package io.qgpo.toy;

import io.qgpo.tensor.Philox;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Points of a set with their energies.
 *
 * @param points x and y by turns
 * @param energies e of each
 */
public record ToyData(float[] points, float[] energies) {
  /** As many as the paper trains on. */
  static final int PAPER_SIZE = 1_000_000;

  /**
   * Draws points of q.
   *
   * @param stream names what they are for: others of the same seed have other points
   */
  static ToyData draw(ToySet set, int n, long seed, String stream) {
    var random = random(set, seed, stream);
    var data = new ToyData(new float[2 * n], new float[n]);
    double[] point = new double[2];
    for (int i = 0; i < n; i++) {
      data.energies[i] = (float) set.draw(random, point);
      data.points[2 * i] = (float) point[0];
      data.points[2 * i + 1] = (float) point[1];
    }
    return data;
  }

  /** ln of the mean of exp(beta e). */
  double logMeanExp(double beta) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float energy : energies) {
      largest = Math.max(largest, beta * energy);
    }
    double sum = 0;
    for (float energy : energies) {
      sum += Math.exp(beta * energy - largest);
    }
    return largest + Math.log(sum / energies.length);
  }

  /** The first points, all if there are fewer. */
  ToyData first(int n) {
    int count = Math.min(n, energies.length);
    return new ToyData(Arrays.copyOf(points, 2 * count), Arrays.copyOf(energies, count));
  }

  /** Random numbers of their own for each set, seed and stream. */
  static SplittableRandom random(ToySet set, long seed, String stream) {
    return new SplittableRandom(Philox.key(seed, set.name() + " " + stream));
  }
}
