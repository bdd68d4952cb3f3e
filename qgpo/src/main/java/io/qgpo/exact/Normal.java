package io.qgpo.exact;

/** The standard normal distribution. */
final class Normal {
  private Normal() {}

  /** P(Z &lt;= z). Keeps its digits in the lower tail. */
  static double below(double z) {
    return z < -3 ? tail(-z) : z > 3 ? 1 - tail(z) : 0.5 + central(z);
  }

  /** P(0 &lt;= Z &lt;= z) by its series: Abramowitz and Stegun 26.2.11. */
  private static double central(double z) {
    double term = z;
    double sum = z;
    for (int n = 3; Math.abs(term) > 1e-18; n += 2) {
      term *= z * z / n;
      sum += term;
    }
    return sum * density(z);
  }

  /** P(Z &gt; z), z &gt; 3, by its continued fraction: Abramowitz and Stegun 26.2.14. */
  private static double tail(double z) {
    // 100 terms are more than doubles can tell apart from z = 3 on.
    double fraction = z;
    for (int n = 100; n > 0; n--) {
      fraction = z + n / fraction;
    }
    return density(z) / fraction;
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }
}
