// Softmax by rows, its logarithm, and their backward.
//
// Reference: ScalarBackend.softmax, softmaxGrad, logSoftmax, logSoftmaxGrad.
// Shapes:    all rows x columns, of any leading dimension; the result may be an input.
// Launch:    256 threads, `lines` of them (a power of two) for a row; grid rows lines / 256, rounded
//            up.
// Bytes:     8 rows columns forward, 12 rows columns backward; inputs are read again from the cache.
// FLOP:      about 25 rows columns forward, 4 (logSoftmaxGrad: 15) rows columns backward.
#include "rows.cuh"

extern "C" __global__ void __launch_bounds__(THREADS)
    softmax(Rows in, Rows out, int rows, int columns, int lines, int logarithm) {
  const RowOf r(rows, lines);
  const LogSumExp lse(r, in, columns, 1.0f);
  if (!r.mine) return;
  for (int c = r.line; c < columns; c += r.lines) {
    const float x = at(in, r.row, c);
    at(out, r.row, c) = logarithm ? lse.logProbability(x) : lse.probability(x);
  }
}

extern "C" __global__ void __launch_bounds__(THREADS)
    softmax_grad(Rows y, Rows gradOut, Rows gradIn, int rows, int columns, int lines) {
  const RowOf r(rows, lines);
  float dot = 0.0f;
  for (int c = r.line; c < columns; c += r.lines) dot += at(y, r.row, c) * at(gradOut, r.row, c);
  dot = r.sum(dot);
  if (!r.mine) return;
  for (int c = r.line; c < columns; c += r.lines)
    at(gradIn, r.row, c) = at(y, r.row, c) * (at(gradOut, r.row, c) - dot);
}

extern "C" __global__ void __launch_bounds__(THREADS)
    log_softmax_grad(Rows y, Rows gradOut, Rows gradIn, int rows, int columns, int lines) {
  const RowOf r(rows, lines);
  float sum = 0.0f;
  for (int c = r.line; c < columns; c += r.lines) sum += at(gradOut, r.row, c);
  sum = r.sum(sum);
  if (!r.mine) return;
  for (int c = r.line; c < columns; c += r.lines)
    at(gradIn, r.row, c) = at(gradOut, r.row, c) - expf(at(y, r.row, c)) * sum;
}
