// Folds some axes of a tensor by sum or maximum: the first pass, and the second where the first is
// cut into parts. The order of every sum depends on the shapes alone.
//
// Reference: ScalarBackend.reduce.
// Shapes:    in: outputs (kept extents) x count (folded extents), of any strides. A block has
//            256 / lines outputs and `lines` threads for each, a power of two. Part p of each output
//            is the elements from p perPart on. out: outputs in row order at `place`, with parts
//            placeStride apart.
// Launch:    grid (outputs lines / 256, parts), rounded up; 256 threads. `across`: neighbouring
//            threads have neighbouring outputs, where the last axis is kept; else neighbouring
//            elements.
// Bytes:     4 (outputs count + outputs parts).
// FLOP:      outputs count.
#include "views.cuh"

enum ReduceOp { SUM = 0, MAX = 1 };

constexpr int THREADS = 256;

extern "C" __global__ void __launch_bounds__(THREADS)
    reduce(int op, View in, View foldedIn, Extents kept, Extents folded, int outputs, int count,
           int perPart, int lines, int across, View place, int placeStride) {
  __shared__ float sums[THREADS];
  const int t = threadIdx.x;
  const int perBlock = THREADS / lines;
  const int mine = across ? t % perBlock : t / lines;
  const int line = across ? t / perBlock : t % lines;
  const int apart = across ? perBlock : 1;  // of the threads of one output
  const int output = blockIdx.x * perBlock + mine;
  const int begin = blockIdx.y * perPart;
  const int end = min(count, begin + perPart);
  float sum = op == MAX ? -INFINITY : 0.0f;
  if (output < outputs) {
    const float* const from = in.data + offset(in, kept, output);
    for (int k = begin + line; k < end; k += lines) {
      const float x = from[offset(foldedIn, folded, k)];
      sum = op == MAX ? larger(sum, x) : sum + x;
    }
  }
  sums[t] = sum;
  for (int half = lines / 2; half > 0; half /= 2) {
    __syncthreads();
    if (line < half) {
      const float other = sums[t + half * apart];
      sums[t] = op == MAX ? larger(sums[t], other) : sums[t] + other;
    }
  }
  if (line == 0 && output < outputs)
    place.data[offset(place, kept, output) + static_cast<size_t>(blockIdx.y) * placeStride] =
        sums[t];
}
