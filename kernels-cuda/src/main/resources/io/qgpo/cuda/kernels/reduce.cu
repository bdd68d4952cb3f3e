// Folds some axes of a tensor by sum, mean or maximum. Where few results are made of many elements
// these are cut into parts, one a block, and the last block of an output folds the parts' results. The
// order of every sum depends on the shapes alone.
//
// Reference: ScalarBackend.reduce.
// Shapes:    in: outputs (kept extents) x count (folded extents), of any strides. A block has
//            256 / lines outputs and `lines` threads for each, a power of two. Part p of each output
//            is the elements from p perPart on. out: of the kept extents. partials: parts x outputs;
//            null for one part.
// Launch:    grid (outputs lines / 256, parts), rounded up, of the first at most 128 if there are
//            parts; 256 threads. `across`: neighbouring threads have neighbouring outputs, where the
//            last axis is kept; else neighbouring elements.
// Bytes:     4 (outputs count + outputs parts).
// FLOP:      outputs count.
#include "last_block.cuh"
#include "views.cuh"

// As io.qgpo.tensor.ReduceOp numbers them.
enum ReduceOp { SUM, MEAN, MAX };

constexpr int THREADS = 256;
constexpr int MOST_GROUPS = 128;  // of outputs that are cut into parts

__device__ unsigned finished[MOST_GROUPS];

__device__ __forceinline__ float neutral(int op) { return op == MAX ? -INFINITY : 0.0f; }

__device__ __forceinline__ float fold(int op, float a, float b) {
  return op == MAX ? larger(a, b) : a + b;
}

// The fold of what the threads of one output hold, for the first of them.
__device__ __forceinline__ float ofLines(float (&held)[THREADS], int op, float mine, int line,
                                         int lines, int apart) {
  const int t = threadIdx.x;
  __syncthreads();
  held[t] = mine;
  for (int half = lines / 2; half > 0; half /= 2) {
    __syncthreads();
    if (line < half) held[t] = fold(op, held[t], held[t + half * apart]);
  }
  return held[t];
}

extern "C" __global__ void __launch_bounds__(THREADS)
    reduce(int op, View in, View foldedIn, Extents kept, Extents folded, int outputs, int count,
           int perPart, int lines, int across, View out, float* partials) {
  __shared__ float held[THREADS];
  const int t = threadIdx.x;
  const int perBlock = THREADS / lines;
  const int mine = across ? t % perBlock : t / lines;
  const int line = across ? t / perBlock : t % lines;
  const int apart = across ? perBlock : 1;  // of the threads of one output
  const int output = blockIdx.x * perBlock + mine;
  const int begin = blockIdx.y * perPart;
  const int end = min(count, begin + perPart);
  float result = neutral(op);
  if (output < outputs) {
    const float* const from = in.data + offset(in, kept, output);
    for (int k = begin + line; k < end; k += lines)
      result = fold(op, result, from[offset(foldedIn, folded, k)]);
  }
  result = ofLines(held, op, result, line, lines, apart);
  const bool writes = line == 0 && output < outputs;
  if (partials != nullptr) {
    if (writes) partials[static_cast<size_t>(blockIdx.y) * outputs + output] = result;
    if (!isLastBlock(finished + blockIdx.x, gridDim.y)) return;
    result = neutral(op);
    if (output < outputs) {
      for (int part = line; part < static_cast<int>(gridDim.y); part += lines)
        result = fold(op, result, __ldcg(partials + static_cast<size_t>(part) * outputs + output));
    }
    result = ofLines(held, op, result, line, lines, apart);
  }
  if (writes) element(out, kept, output) = op == MEAN ? result / static_cast<float>(count) : result;
}
