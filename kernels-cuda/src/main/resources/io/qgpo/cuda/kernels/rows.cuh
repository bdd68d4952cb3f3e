// Several threads for each row of a matrix, which agree on sums and maxima over it.
#pragma once

#include "views.cuh"

constexpr int THREADS = 256;

// `lines` threads, a power of two, have one row. All threads of a block must come by every fold, so
// those without a row work on the last one and store nothing.
struct RowOf {
  int row, line, lines;
  bool mine;

  __device__ __forceinline__ RowOf(int rows, int lines)
      : row(blockIdx.x * (THREADS / lines) + threadIdx.x / lines), line(threadIdx.x % lines),
        lines(lines), mine(row < rows) {
    row = min(row, rows - 1);
  }

  // The fold of all threads' values, for all threads of the row.
  template <class Op>
  __device__ __forceinline__ float fold(float value, Op op) const {
    __shared__ float values[THREADS];
    const int t = threadIdx.x;
    __syncthreads();  // those of an earlier fold have been read
    values[t] = value;
    for (int half = lines / 2; half > 0; half /= 2) {
      __syncthreads();
      if (line < half) values[t] = op(values[t], values[t + half]);
    }
    __syncthreads();
    return values[t - line];
  }

  __device__ __forceinline__ float sum(float value) const {
    return fold(value, [](float a, float b) { return a + b; });
  }
  __device__ __forceinline__ float max(float value) const {
    return fold(value, [](float a, float b) { return larger(a, b); });
  }
};

// The largest scale x of a row and the sum of exp(scale x - largest).
struct LogSumExp {
  float max, sum;

  __device__ __forceinline__ LogSumExp(const RowOf& r, const Rows& in, int columns, float scale) {
    float mine = -INFINITY;
    for (int c = r.line; c < columns; c += r.lines) mine = larger(mine, scale * at(in, r.row, c));
    max = r.max(mine);
    float total = 0.0f;
    for (int c = r.line; c < columns; c += r.lines)
      total += expf(scale * at(in, r.row, c) - max);
    sum = r.sum(total);
  }

  __device__ __forceinline__ float probability(float x) const { return expf(x - max) / sum; }
  __device__ __forceinline__ float logProbability(float x) const { return x - max - logf(sum); }
};
