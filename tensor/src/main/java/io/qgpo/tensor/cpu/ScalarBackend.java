package io.qgpo.tensor.cpu;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Philox;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.ShapeChecks;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import java.util.Arrays;

/**
 * The oracle: every primitive as a plain loop on one thread, for float32 and float64 data, with all
 * intermediate arithmetic and accumulation in double. Other backends are tested against it.
 */
public final class ScalarBackend extends HostBackend {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String description() {
    return "plain Java loops, one thread, float32 and float64";
  }

  @Override
  public int vectorBits() {
    return 0;
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public boolean supports(DType dtype) {
    return true;
  }

  // ---- Elementwise ---------------------------------------------------------------------------

  /** Folds one step: (element of a, element of b) to the element of out. */
  private interface Kernel {
    double apply(double a, double b);
  }

  /** out = kernel(a, b) with both broadcast; {@code b} may be {@code a}. */
  private static void map(String op, Tensor a, Tensor b, Tensor out, Kernel kernel) {
    ShapeChecks.broadcasts(op, "a tensor", a, out);
    ShapeChecks.broadcasts(op, "a tensor", b, out);
    HostStorage x = HostStorage.of(a);
    HostStorage y = HostStorage.of(b);
    HostStorage z = HostStorage.of(out);
    int stepA = a.stride(3);
    int stepB = b.stride(3);
    for (int r = 0; r < out.rows(); r++) {
      int ia = rowOffset(a, out.shape(), r);
      int ib = rowOffset(b, out.shape(), r);
      int io = out.offset() + r * out.leadingDimension();
      for (int c = 0; c < out.columns(); c++) {
        z.set(io + c, kernel.apply(x.get(ia + c * stepA), y.get(ib + c * stepB)));
      }
    }
  }

  @Override
  public void fill(Tensor out, double value) {
    map("fill", out, out, out, (a, b) -> value);
  }

  @Override
  public void copy(Tensor in, Tensor out) {
    map("copy", in, in, out, (a, b) -> a);
  }

  @Override
  public void unary(UnaryOp op, Tensor in, Tensor out) {
    ShapeChecks.same(op.name(), "out", in.shape(), out);
    map(op.name(), in, in, out, (a, b) -> op.value(a));
  }

  @Override
  public void unaryGrad(UnaryOp op, Tensor x, Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.unaryGrad(op, x, y, gradOut, gradIn);
    HostStorage xs = HostStorage.of(x);
    HostStorage ys = HostStorage.of(y);
    HostStorage gs = HostStorage.of(gradOut);
    HostStorage out = HostStorage.of(gradIn);
    for (int r = 0; r < x.rows(); r++) {
      for (int c = 0; c < x.columns(); c++) {
        double slope = op.derivative(xs.get(at(x, r, c)), ys.get(at(y, r, c)));
        out.set(at(gradIn, r, c), gs.get(at(gradOut, r, c)) * slope);
      }
    }
  }

  @Override
  public void binary(BinaryOp op, Tensor a, Tensor b, Tensor out) {
    map(op.name(), a, b, out, op::value);
  }

  @Override
  public void affine(Tensor in, double scale, double shift, Tensor out) {
    ShapeChecks.broadcasts("affine", "in", in, out);
    map("affine", in, in, out, (a, b) -> scale * a + shift);
  }

  @Override
  public void addScaled(double alpha, Tensor a, double beta, Tensor b, Tensor out) {
    ShapeChecks.same("addScaled", "b", a.shape(), b);
    ShapeChecks.same("addScaled", "out", a.shape(), out);
    map("addScaled", a, b, out, (x, y) -> alpha * x + beta * y);
  }

  @Override
  public void clamp(Tensor in, double low, double high, Tensor out) {
    ShapeChecks.same("clamp", "out", in.shape(), out);
    map("clamp", in, in, out, (a, b) -> a < low ? low : a > high ? high : a);
  }

  @Override
  public void clampGrad(Tensor in, double low, double high, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("clamp gradient", "gradOut", in.shape(), gradOut);
    ShapeChecks.same("clamp gradient", "gradIn", in.shape(), gradIn);
    map("clamp gradient", in, gradOut, gradIn, (a, g) -> a >= low && a <= high ? g : 0);
  }

  // ---- Reductions and rows -------------------------------------------------------------------

  @Override
  public void reduce(ReduceOp op, Tensor in, Tensor out) {
    ShapeChecks.broadcasts("reduce", "out", out, in);
    HostStorage x = HostStorage.of(in);
    double[] sums = new double[out.size()];
    if (op == ReduceOp.MAX) {
      Arrays.fill(sums, Double.NEGATIVE_INFINITY);
    }
    int[] dims = new int[Shape.MAX_RANK];
    for (int r = 0; r < in.rows(); r++) {
      dims[2] = r % in.shape().aligned(2);
      dims[1] = r / in.shape().aligned(2) % in.shape().aligned(1);
      dims[0] = r / in.shape().aligned(2) / in.shape().aligned(1);
      for (int c = 0; c < in.columns(); c++) {
        dims[3] = c;
        int to = 0;
        for (int axis = 0; axis < Shape.MAX_RANK; axis++) {
          int extent = out.shape().aligned(axis);
          to = to * extent + (extent == 1 ? 0 : dims[axis]);
        }
        double value = x.get(at(in, r, c));
        sums[to] = op == ReduceOp.MAX ? Math.max(sums[to], value) : sums[to] + value;
      }
    }
    double count = op == ReduceOp.MEAN ? (double) in.size() / out.size() : 1;
    HostStorage z = HostStorage.of(out);
    for (int i = 0; i < sums.length; i++) {
      z.set(at(out, i / out.columns(), i % out.columns()), sums[i] / count);
    }
  }

  @Override
  public void softmax(Tensor in, Tensor out) {
    ShapeChecks.same("softmax", "out", in.shape(), out);
    ScalarRows.softmax(in, out, false);
  }

  @Override
  public void softmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("softmax gradient", "gradOut", y.shape(), gradOut);
    ShapeChecks.same("softmax gradient", "gradIn", y.shape(), gradIn);
    ScalarRows.softmaxGrad(y, gradOut, gradIn);
  }

  @Override
  public void logSoftmax(Tensor in, Tensor out) {
    ShapeChecks.same("logSoftmax", "out", in.shape(), out);
    ScalarRows.softmax(in, out, true);
  }

  @Override
  public void logSoftmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("logSoftmax gradient", "gradOut", y.shape(), gradOut);
    ShapeChecks.same("logSoftmax gradient", "gradIn", y.shape(), gradIn);
    ScalarRows.logSoftmaxGrad(y, gradOut, gradIn);
  }

  @Override
  public void softmaxValue(Tensor q, double beta, Tensor out) {
    ShapeChecks.matrix("softmaxValue", "out", q.rows(), 1, out);
    ScalarRows.softmaxValue(q, beta, out);
  }

  @Override
  public void squaredError(Tensor a, double scale, Tensor b, Tensor out) {
    ShapeChecks.same("squaredError", "b", a.shape(), b);
    ShapeChecks.matrix("squaredError", "out", a.rows(), 1, out);
    ScalarRows.squaredError(a, scale, b, out);
  }

  @Override
  public void squaredErrorGrad(Tensor a, double scale, Tensor b, Tensor gradOut, Tensor gradA) {
    ShapeChecks.same("squaredError gradient", "b", a.shape(), b);
    ShapeChecks.same("squaredError gradient", "gradA", a.shape(), gradA);
    ShapeChecks.matrix("squaredError gradient", "gradOut", a.rows(), 1, gradOut);
    ScalarRows.squaredErrorGrad(a, scale, b, gradOut, gradA);
  }

  @Override
  public void softmaxCrossEntropy(Tensor logits, Tensor target, Tensor out) {
    ShapeChecks.same("softmaxCrossEntropy", "target", logits.shape(), target);
    ShapeChecks.matrix("softmaxCrossEntropy", "out", logits.rows(), 1, out);
    ScalarRows.softmaxCrossEntropy(logits, target, out);
  }

  @Override
  public void softmaxCrossEntropyGrad(
      Tensor logits, Tensor target, Tensor gradOut, Tensor gradLogits) {
    ShapeChecks.same("softmaxCrossEntropy gradient", "target", logits.shape(), target);
    ShapeChecks.same("softmaxCrossEntropy gradient", "gradLogits", logits.shape(), gradLogits);
    ShapeChecks.matrix("softmaxCrossEntropy gradient", "gradOut", logits.rows(), 1, gradOut);
    ScalarRows.softmaxCrossEntropyGrad(logits, target, gradOut, gradLogits);
  }

  // ---- Matrices ------------------------------------------------------------------------------

  @Override
  public void matmul(
      boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate) {
    ShapeChecks.matmul(transA, transB, a, b, out);
    HostStorage x = HostStorage.of(a);
    HostStorage y = HostStorage.of(b);
    HostStorage z = HostStorage.of(out);
    int inner = transA ? a.rows() : a.columns();
    for (int i = 0; i < out.rows(); i++) {
      for (int j = 0; j < out.columns(); j++) {
        double sum = accumulate ? z.get(at(out, i, j)) : 0;
        for (int p = 0; p < inner; p++) {
          sum +=
              x.get(transA ? at(a, p, i) : at(a, i, p)) * y.get(transB ? at(b, j, p) : at(b, p, j));
        }
        z.set(at(out, i, j), sum);
      }
    }
  }

  @Override
  public Tensor pack(Tensor weight) {
    return null;
  }

  @Override
  public void linear(
      Tensor x,
      Tensor weight,
      Tensor packed,
      Tensor bias,
      Activation activation,
      Tensor residual,
      Tensor preActivation,
      Tensor out) {
    ShapeChecks.linear(x, weight, packed, bias, residual, preActivation, out);
    HostStorage xs = HostStorage.of(x);
    HostStorage ws = HostStorage.of(weight);
    HostStorage zs = HostStorage.of(out);
    for (int r = 0; r < out.rows(); r++) {
      for (int j = 0; j < out.columns(); j++) {
        double z = bias == null ? 0 : HostStorage.of(bias).get(bias.offset() + j);
        for (int p = 0; p < x.columns(); p++) {
          z += xs.get(at(x, r, p)) * ws.get(at(weight, j, p));
        }
        if (preActivation != null) {
          HostStorage.of(preActivation).set(at(preActivation, r, j), z);
        }
        double skip = residual == null ? 0 : HostStorage.of(residual).get(at(residual, r, j));
        zs.set(at(out, r, j), activation.value(z) + skip);
      }
    }
  }

  @Override
  public void linearGrad(
      Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    ShapeChecks.linearGrad(activation, z, gradOut, gradZ, gradBias);
    int rows = gradOut.rows();
    int columns = gradOut.columns();
    double[] sums = new double[columns];
    HostStorage g = HostStorage.of(gradOut);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double value = g.get(at(gradOut, r, c));
        if (activation != Activation.IDENTITY) {
          value *= activation.derivative(HostStorage.of(z).get(at(z, r, c)));
        }
        if (gradZ != null) {
          HostStorage.of(gradZ).set(at(gradZ, r, c), value);
        }
        sums[c] += value;
      }
    }
    if (gradBias != null) {
      for (int c = 0; c < columns; c++) {
        HostStorage.of(gradBias).set(gradBias.offset() + c, sums[c]);
      }
    }
  }

  // ---- Random numbers ------------------------------------------------------------------------

  @Override
  public void uniform(Tensor state, double low, double high, Tensor out) {
    HostStorage z = HostStorage.of(out);
    boolean isFloat = out.dtype() == DType.FLOAT32;
    draw(
        state,
        out,
        (words, word, at) ->
            z.set(
                at,
                isFloat
                    ? Philox.uniform(words[word], low, high)
                    : low + (high - low) * Philox.unit(words[word])));
  }

  @Override
  public void normal(Tensor state, Tensor out) {
    HostStorage z = HostStorage.of(out);
    draw(
        state,
        out,
        (words, word, at) -> {
          int pair = word & 2;
          double angle = Philox.angle(words[pair + 1]);
          double wave = (word & 1) == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle);
          z.set(at, Philox.radius(words[pair]) * wave);
        });
  }

  // ---- Fused pieces and optimisers -----------------------------------------------------------

  @Override
  public void fourierFeatures(Tensor t, Tensor frequencies, Tensor out) {
    ShapeChecks.fourierFeatures(t, frequencies, out);
    int n = frequencies.size();
    HostStorage ts = HostStorage.of(t);
    HostStorage ws = HostStorage.of(frequencies);
    HostStorage z = HostStorage.of(out);
    for (int r = 0; r < out.rows(); r++) {
      for (int i = 0; i < n; i++) {
        double turns = ts.get(at(t, r, 0)) * ws.get(frequencies.offset() + i);
        z.set(at(out, r, i), Math.sin(2 * Math.PI * turns));
        z.set(at(out, r, n + i), Math.cos(2 * Math.PI * turns));
      }
    }
  }

  @Override
  public void perturb(
      Tensor x, Tensor t, Tensor noise, double quadratic, double linear, Tensor out) {
    ShapeChecks.perturb(x, t, noise, out);
    HostStorage xs = HostStorage.of(x);
    HostStorage ts = HostStorage.of(t);
    HostStorage ns = HostStorage.of(noise);
    HostStorage z = HostStorage.of(out);
    for (int r = 0; r < x.rows(); r++) {
      double time = ts.get(at(t, r / (x.rows() / t.rows()), 0));
      double logAlpha = time * (quadratic * time + linear);
      double alpha = Math.exp(logAlpha);
      double sigma = Math.sqrt(-Math.expm1(2 * logAlpha));
      for (int c = 0; c < x.columns(); c++) {
        z.set(at(out, r, c), alpha * xs.get(at(x, r, c)) + sigma * ns.get(at(noise, r, c)));
      }
    }
  }

  @Override
  public void adam(
      Tensor[] parameters,
      Tensor[] gradients,
      Tensor[] m,
      Tensor[] v,
      Tensor scalars,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay) {
    ShapeChecks.adam(parameters, gradients, m, v, scalars);
    HostStorage s = HostStorage.of(scalars);
    double rate = s.get(scalars.offset());
    double c1 = s.get(scalars.offset() + 1);
    double c2 = s.get(scalars.offset() + 2);
    double gradientScale = s.get(scalars.offset() + 3);
    for (int i = 0; i < parameters.length; i++) {
      ScalarRows.adam(
          parameters[i],
          gradients[i],
          m[i],
          v[i],
          new ScalarRows.AdamStep(rate, c1, c2, gradientScale, beta1, beta2, epsilon, weightDecay));
    }
  }

  @Override
  public void lerp(Tensor[] targets, Tensor[] sources, double weight) {
    ShapeChecks.lerp(targets, sources);
    for (int i = 0; i < targets.length; i++) {
      map("lerp", targets[i], sources[i], targets[i], (a, b) -> a + weight * (b - a));
    }
  }

  @Override
  public void sumOfSquares(Tensor[] tensors, Tensor out) {
    ShapeChecks.size("sumOfSquares", "out", 1, out);
    double sum = 0;
    for (Tensor tensor : tensors) {
      HostStorage x = HostStorage.of(tensor);
      for (int r = 0; r < tensor.rows(); r++) {
        for (int c = 0; c < tensor.columns(); c++) {
          double value = x.get(at(tensor, r, c));
          sum += value * value;
        }
      }
    }
    HostStorage.of(out).set(out.offset(), sum);
  }

  static int at(Tensor tensor, int row, int column) {
    return tensor.offset() + row * tensor.leadingDimension() + column;
  }
}
