package io.qgpo.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.JsonFiles;
import io.qgpo.tensor.io.TensorFileException;

/**
 * How values are distributed, as a line of the metrics has it.
 *
 * @param low where the first bin begins
 * @param high where the last one ends
 * @param shares of the values in each of the bins, which are equally wide
 */
record Distribution(double low, double high, double[] shares) {
  private static final int MOST_BINS = 1000;

  /**
   * Of common bins, for 1 of the size of values: in narrower ones these would be the same number.
   */
  private static final double SHARPEST = 1e-9;

  /** A bin that is narrower than this, for 1 of a common one, is a point. */
  private static final double POINT = 1e-4;

  /**
   * Equally wide bins, the middles of which are multiples of their width.
   *
   * @param first which multiple the first one is
   * @param width of each, above 0
   * @param count at least 1
   */
  record Bins(double first, double width, int count) {
    /** More would be narrower than what a picture shows. */
    private static final int MOST = 200;

    /**
     * Bins for two distributions together, as wide as the wider ones of both: in narrower ones the
     * same values look more ragged.
     */
    static Bins of(Distribution a, Distribution b) {
      double low = Math.min(a.low, b.low);
      double high = Math.max(a.high, b.high);
      double narrowest =
          Math.max((high - low) / MOST, SHARPEST * Math.max(Math.abs(low), Math.abs(high)));
      double width = oneDigit(Math.max(narrowest, Math.max(a.width(), b.width())));
      double first = Math.rint(low / width) + 0.0; // not -0
      return new Bins(first, width, (int) (Math.rint(high / width) - first) + 1);
    }

    /** Not much more, for short numbers at the axis; 1 for 0. */
    private static double oneDigit(double width) {
      if (width < Double.MIN_NORMAL) {
        return 1;
      }
      double unit = Math.pow(10, Math.floor(Math.log10(width)));
      return Math.ceil(width / unit) * unit;
    }

    double middle(int i) {
      return (first + i) * width;
    }
  }

  /**
   * Reads an object of a line.
   *
   * @param file of the line, for messages
   * @throws TensorFileException if there is none, or it is anything else
   */
  static Distribution read(ObjectNode line, String key, String file) {
    ObjectNode json = JsonFiles.child(line, key, file);
    String place = file + ", key '" + key + "'";
    double low = JsonFiles.number(json, "low", -MetricsFile.LARGEST, MetricsFile.LARGEST, place);
    double high = JsonFiles.number(json, "high", low, MetricsFile.LARGEST, place);
    double[] shares = JsonFiles.numbers(json, "shares", 0, 1, place);
    if (shares.length == 0 || shares.length > MOST_BINS) {
      throw TensorFileException.content(
          place, "key 'shares'", "from 1 to " + MOST_BINS + " numbers", shares.length + "");
    }
    return new Distribution(low, high, shares);
  }

  private double width() {
    return (high - low) / shares.length;
  }

  /**
   * Shares of the values in other bins, for 1 of the width: within a bin they are spread evenly.
   */
  double[] densities(Bins bins) {
    double[] densities = new double[bins.count()];
    for (int i = 0; i < densities.length; i++) {
      for (int j = 0; j < shares.length; j++) {
        densities[i] += shares[j] * overlap(j, bins, i) / bins.width();
      }
    }
    return densities;
  }

  /** What part of a bin of this lies in one of the others. */
  private double overlap(int own, Bins bins, int other) {
    double begin = low + own * width();
    if (width() <= POINT * bins.width()) {
      return Math.rint(begin / bins.width()) == bins.first() + other ? 1 : 0;
    }
    double from = Math.max(begin, bins.middle(other) - bins.width() / 2);
    double to = Math.min(begin + width(), bins.middle(other) + bins.width() / 2);
    return Math.max(0, to - from) / width();
  }

  /** Adds the density as a line through the middles of bins, from 0 to 0. */
  void drawIn(Picture picture, String name, Bins bins) {
    double[] densities = densities(bins);
    double[] x = new double[bins.count() + 2];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = bins.middle(i - 1);
      y[i] = i == 0 || i == x.length - 1 ? 0 : densities[i - 1];
    }
    picture.line(name, x, y);
  }
}
