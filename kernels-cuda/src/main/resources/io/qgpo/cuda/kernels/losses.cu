// Losses by rows and their gradients, and the softmax-weighted value of QGPO's Bellman target.
//
// Reference: ScalarBackend.softmaxValue, softmaxCrossEntropy, softmaxCrossEntropyGrad, squaredError,
//            squaredErrorGrad.
// Shapes:    matrices rows x columns, out and gradOut rows x 1, all of any leading dimension; a
//            gradient may be an input.
// Launch:    256 threads, `lines` of them (a power of two) for a row; grid rows lines / 256, rounded
//            up.
// Bytes:     4 rows columns for each matrix; inputs are read again from the cache.
// FLOP:      about 25 rows columns with a softmax, 4 rows columns without.
#include "rows.cuh"

extern "C" __global__ void __launch_bounds__(THREADS)
    softmax_value(Rows q, float beta, Rows out, int rows, int columns, int lines) {
  const RowOf r(rows, lines);
  const LogSumExp lse(r, q, columns, beta);
  float value = 0.0f;
  for (int c = r.line; c < columns; c += r.lines) {
    const float x = at(q, r.row, c);
    value += lse.probability(beta * x) * x;
  }
  value = r.sum(value);
  if (r.mine && r.line == 0) at(out, r.row, 0) = value;
}

extern "C" __global__ void __launch_bounds__(THREADS)
    softmax_cross_entropy(Rows logits, Rows target, Rows out, int rows, int columns, int lines) {
  const RowOf r(rows, lines);
  const LogSumExp lse(r, logits, columns, 1.0f);
  float loss = 0.0f;
  for (int c = r.line; c < columns; c += r.lines)
    loss -= at(target, r.row, c) * lse.logProbability(at(logits, r.row, c));
  loss = r.sum(loss);
  if (r.mine && r.line == 0) at(out, r.row, 0) = loss;
}

extern "C" __global__ void __launch_bounds__(THREADS)
    softmax_cross_entropy_grad(Rows logits, Rows target, Rows gradOut, Rows gradLogits, int rows,
                               int columns, int lines) {
  const RowOf r(rows, lines);
  const LogSumExp lse(r, logits, columns, 1.0f);
  float mass = 0.0f;
  for (int c = r.line; c < columns; c += r.lines) mass += at(target, r.row, c);
  mass = r.sum(mass);
  if (!r.mine) return;
  const float slope = at(gradOut, r.row, 0);
  for (int c = r.line; c < columns; c += r.lines) {
    const float probability = lse.probability(at(logits, r.row, c));
    at(gradLogits, r.row, c) = slope * (probability * mass - at(target, r.row, c));
  }
}

extern "C" __global__ void __launch_bounds__(THREADS)
    squared_error(Rows a, float scale, Rows b, Rows out, int rows, int columns, int lines) {
  const RowOf r(rows, lines);
  float sum = 0.0f;
  for (int c = r.line; c < columns; c += r.lines) {
    const float error = at(a, r.row, c) - scale * at(b, r.row, c);
    sum += error * error;
  }
  sum = r.sum(sum);
  if (r.mine && r.line == 0) at(out, r.row, 0) = sum;
}

extern "C" __global__ void __launch_bounds__(THREADS)
    squared_error_grad(Rows a, float scale, Rows b, Rows gradOut, Rows gradA, int rows, int columns,
                       int lines) {
  const RowOf r(rows, lines);
  if (!r.mine) return;
  const float slope = 2.0f * at(gradOut, r.row, 0);
  for (int c = r.line; c < columns; c += r.lines)
    at(gradA, r.row, c) = slope * (at(a, r.row, c) - scale * at(b, r.row, c));
}
