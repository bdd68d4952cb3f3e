// The first part of a linear layer's backward pass in one sweep: gradZ = gradOut activation'(z), and
// for each strip of rows the column sums of gradZ, which sum_partials.cu adds up to gradBias.
//
// Reference: ScalarBackend.linearGrad.
// Shapes:    z, gradOut, gradZ rows x columns, of any leading dimension; partials strips x columns
//            where strips = rows / 64, rounded up. z may be null for IDENTITY; gradZ and partials may
//            be null; gradZ may be gradOut.
// Launch:    grid (columns / 32, strips), rounded up; 256 threads, 8 rows of 32 columns at a time.
// Bytes:     12 rows columns.
// FLOP:      about 10 rows columns.
#include "activation.cuh"

constexpr int STRIP = 64;
constexpr int ROWS_AT_ONCE = 8;

extern "C" __global__ void __launch_bounds__(256)
    linear_grad(int activation, const float* z, int ldZ, const float* gradOut, int ldGradOut,
                float* gradZ, int ldGradZ, float* partials, int rows, int columns) {
  __shared__ float sums[ROWS_AT_ONCE][32];
  const int lane = threadIdx.x % 32;
  const int line = threadIdx.x / 32;
  const int column = blockIdx.x * 32 + lane;
  const int end = min(rows, (static_cast<int>(blockIdx.y) + 1) * STRIP);
  float sum = 0.0f;
  if (column < columns) {
#pragma unroll 4
    for (int row = blockIdx.y * STRIP + line; row < end; row += ROWS_AT_ONCE) {
      float grad = gradOut[static_cast<size_t>(row) * ldGradOut + column];
      if (activation != IDENTITY)
        grad *= activationSlope(activation, z[static_cast<size_t>(row) * ldZ + column]);
      if (gradZ != nullptr) gradZ[static_cast<size_t>(row) * ldGradZ + column] = grad;
      sum += grad;
    }
  }
  if (partials == nullptr) return;
  sums[line][lane] = sum;
  __syncthreads();
  if (line == 0 && column < columns) {
    float total = 0.0f;
#pragma unroll
    for (int i = 0; i < ROWS_AT_ONCE; i++) total += sums[i][lane];
    partials[static_cast<size_t>(blockIdx.y) * columns + column] = total;
  }
}
