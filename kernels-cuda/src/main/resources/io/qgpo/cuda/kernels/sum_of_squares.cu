// The sum of squares of each block's chunk of many tensors; reduce.cu adds them up.
//
// Reference: ScalarBackend.sumOfSquares.
// Shapes:    list: up to 64 tensors, of any leading dimension; partials: one for each block.
// Launch:    256 threads; a block for each 1024 elements of a tensor.
// Bytes:     4 per element.
// FLOP:      2 per element.
#include "tensor_list.cuh"

extern "C" __global__ void __launch_bounds__(THREADS)
    sum_of_squares(const TensorList<1> list, float* partials) {
  __shared__ float sums[THREADS];
  const int t = threadIdx.x;
  float sum = 0.0f;
  forChunk(list, [&](int tensor, int row, int column) {
    const float x = at(list, 0, tensor, row, column);
    sum += x * x;
  });
  sums[t] = sum;
  for (int half = THREADS / 2; half > 0; half /= 2) {
    __syncthreads();
    if (t < half) sums[t] += sums[t + half];
  }
  if (t == 0) partials[blockIdx.x] = sums[0];
}
