package io.qgpo.export;

/**
 * Diffusion time as the networks see it ({@code TimeEmbedding}): given by the user, or known when
 * the graph is made.
 */
final class TimeNodes {
  private TimeNodes() {}

  /** A column of times. */
  static String embed(OnnxGraph graph, NetWeights time, String t) {
    String turns = graph.node("Mul", t, graph.constant(time.vector("fourier.W")));
    // Of turns of up to a hundred, only the fraction matters: float32 has no digits to lose.
    String fraction = graph.node("Sub", turns, graph.node("Round", turns));
    String angle = graph.node("Mul", fraction, graph.constant(2 * Math.PI));
    String features = graph.concat(graph.node("Sin", angle), graph.node("Cos", angle));
    return graph.linear(features, time.weight("linear"), graph.constant(time.bias("linear")));
  }

  /** One time, for all rows. */
  static String embed(OnnxGraph graph, NetWeights time, double t) {
    float[] frequencies = time.vector("fourier.W").values();
    double[] features = new double[2 * frequencies.length];
    for (int i = 0; i < frequencies.length; i++) {
      double angle = 2 * Math.PI * (frequencies[i] * (double) (float) t);
      features[i] = Math.sin(angle);
      features[frequencies.length + i] = Math.cos(angle);
    }
    Matrix weight = time.weight("linear");
    float[] embedded = time.bias("linear").values().clone();
    for (int row = 0; row < weight.rows(); row++) {
      double sum = embedded[row];
      for (int i = 0; i < features.length; i++) {
        sum += weight.values()[row * features.length + i] * features[i];
      }
      embedded[row] = (float) sum;
    }
    return graph.constant(Matrix.row(embedded));
  }
}
