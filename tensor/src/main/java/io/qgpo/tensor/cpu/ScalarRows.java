package io.qgpo.tensor.cpu;

import static io.qgpo.tensor.cpu.ScalarBackend.at;

import io.qgpo.tensor.Tensor;

/** The oracle's row-wise functions, losses and Adam: one plain loop each, in double. */
final class ScalarRows {
  private ScalarRows() {}

  /** The largest element of a row and the sum of exp(x - largest). */
  private record LogSumExp(double max, double sum) {
    static LogSumExp of(Tensor in, int row, double beta) {
      HostStorage x = HostStorage.of(in);
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < in.columns(); c++) {
        max = Math.max(max, beta * x.get(at(in, row, c)));
      }
      double sum = 0;
      for (int c = 0; c < in.columns(); c++) {
        sum += Math.exp(beta * x.get(at(in, row, c)) - max);
      }
      return new LogSumExp(max, sum);
    }

    double probability(double x) {
      return Math.exp(x - max) / sum;
    }

    double logProbability(double x) {
      return x - max - Math.log(sum);
    }
  }

  static void softmax(Tensor in, Tensor out, boolean log) {
    HostStorage x = HostStorage.of(in);
    HostStorage y = HostStorage.of(out);
    for (int r = 0; r < in.rows(); r++) {
      LogSumExp lse = LogSumExp.of(in, r, 1);
      for (int c = 0; c < in.columns(); c++) {
        double value = x.get(at(in, r, c));
        y.set(at(out, r, c), log ? lse.logProbability(value) : lse.probability(value));
      }
    }
  }

  static void softmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn) {
    HostStorage ys = HostStorage.of(y);
    HostStorage g = HostStorage.of(gradOut);
    for (int r = 0; r < y.rows(); r++) {
      double dot = 0;
      for (int c = 0; c < y.columns(); c++) {
        dot += ys.get(at(y, r, c)) * g.get(at(gradOut, r, c));
      }
      for (int c = 0; c < y.columns(); c++) {
        double value = ys.get(at(y, r, c)) * (g.get(at(gradOut, r, c)) - dot);
        HostStorage.of(gradIn).set(at(gradIn, r, c), value);
      }
    }
  }

  static void logSoftmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn) {
    HostStorage ys = HostStorage.of(y);
    HostStorage g = HostStorage.of(gradOut);
    for (int r = 0; r < y.rows(); r++) {
      double sum = 0;
      for (int c = 0; c < y.columns(); c++) {
        sum += g.get(at(gradOut, r, c));
      }
      for (int c = 0; c < y.columns(); c++) {
        double value = g.get(at(gradOut, r, c)) - Math.exp(ys.get(at(y, r, c))) * sum;
        HostStorage.of(gradIn).set(at(gradIn, r, c), value);
      }
    }
  }

  static void softmaxValue(Tensor q, double beta, Tensor out) {
    HostStorage qs = HostStorage.of(q);
    for (int r = 0; r < q.rows(); r++) {
      LogSumExp lse = LogSumExp.of(q, r, beta);
      double value = 0;
      for (int c = 0; c < q.columns(); c++) {
        double x = qs.get(at(q, r, c));
        value += lse.probability(beta * x) * x;
      }
      HostStorage.of(out).set(at(out, r, 0), value);
    }
  }

  static void squaredError(Tensor a, double scale, Tensor b, Tensor out) {
    for (int r = 0; r < a.rows(); r++) {
      double sum = 0;
      for (int c = 0; c < a.columns(); c++) {
        double error =
            HostStorage.of(a).get(at(a, r, c)) - scale * HostStorage.of(b).get(at(b, r, c));
        sum += error * error;
      }
      HostStorage.of(out).set(at(out, r, 0), sum);
    }
  }

  static void squaredErrorGrad(Tensor a, double scale, Tensor b, Tensor gradOut, Tensor gradA) {
    for (int r = 0; r < a.rows(); r++) {
      double slope = 2 * HostStorage.of(gradOut).get(at(gradOut, r, 0));
      for (int c = 0; c < a.columns(); c++) {
        double error =
            HostStorage.of(a).get(at(a, r, c)) - scale * HostStorage.of(b).get(at(b, r, c));
        HostStorage.of(gradA).set(at(gradA, r, c), slope * error);
      }
    }
  }

  static void softmaxCrossEntropy(Tensor logits, Tensor target, Tensor out) {
    for (int r = 0; r < logits.rows(); r++) {
      LogSumExp lse = LogSumExp.of(logits, r, 1);
      double loss = 0;
      for (int c = 0; c < logits.columns(); c++) {
        double logProbability = lse.logProbability(HostStorage.of(logits).get(at(logits, r, c)));
        loss -= HostStorage.of(target).get(at(target, r, c)) * logProbability;
      }
      HostStorage.of(out).set(at(out, r, 0), loss);
    }
  }

  static void softmaxCrossEntropyGrad(
      Tensor logits, Tensor target, Tensor gradOut, Tensor gradLogits) {
    for (int r = 0; r < logits.rows(); r++) {
      LogSumExp lse = LogSumExp.of(logits, r, 1);
      double mass = 0;
      for (int c = 0; c < logits.columns(); c++) {
        mass += HostStorage.of(target).get(at(target, r, c));
      }
      double slope = HostStorage.of(gradOut).get(at(gradOut, r, 0));
      for (int c = 0; c < logits.columns(); c++) {
        double probability = lse.probability(HostStorage.of(logits).get(at(logits, r, c)));
        double wanted = HostStorage.of(target).get(at(target, r, c));
        HostStorage.of(gradLogits).set(at(gradLogits, r, c), slope * (probability * mass - wanted));
      }
    }
  }

  /** The numbers of one Adam step; see {@link io.qgpo.tensor.Backend#adam}. */
  record AdamStep(
      double rate,
      double c1,
      double c2,
      double gradientScale,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay) {}

  static void adam(Tensor parameter, Tensor gradient, Tensor m, Tensor v, AdamStep step) {
    HostStorage ps = HostStorage.of(parameter);
    for (int r = 0; r < parameter.rows(); r++) {
      for (int c = 0; c < parameter.columns(); c++) {
        double g = step.gradientScale * HostStorage.of(gradient).get(at(gradient, r, c));
        double first = HostStorage.of(m).get(at(m, r, c));
        double second = HostStorage.of(v).get(at(v, r, c));
        first = step.beta1 * first + (1 - step.beta1) * g;
        second = step.beta2 * second + (1 - step.beta2) * g * g;
        HostStorage.of(m).set(at(m, r, c), first);
        HostStorage.of(v).set(at(v, r, c), second);
        double p = ps.get(at(parameter, r, c));
        p -= step.rate * step.weightDecay * p;
        p -= step.rate * (first / step.c1) / (Math.sqrt(second / step.c2) + step.epsilon);
        ps.set(at(parameter, r, c), p);
      }
    }
  }
}
