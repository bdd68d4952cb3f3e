// The first part of a linear layer's backward pass in one sweep: gradZ = gradOut activation'(z), and its
// column sums gradBias. Each block sums a strip of rows; the last block of a group of columns adds the
// strips up in their order, so that the sum has the same bits every time.
//
// Reference: ScalarBackend.linearGrad.
// Shapes:    z, gradOut, gradZ rows x columns, of any leading dimension; partials strips x columns
//            where strips = rows / 64, rounded up; gradBias columns. z may be null for IDENTITY; gradZ
//            may be null, and partials and gradBias together; gradZ may be gradOut. Several layers
//            have their matrices, and partials, behind each other.
// Launch:    grid (columns / 32, strips, layers), rounded up, of columns times layers at most 131072; 256
//            threads, 8 rows of 32 columns at a time.
// Bytes:     12 rows columns.
// FLOP:      about 10 rows columns.
#include "activation.cuh"
#include "last_block.cuh"
#include "layers.cuh"

constexpr int STRIP = 64;
constexpr int ROWS_AT_ONCE = 8;
constexpr int MOST_GROUPS = 4096;  // of 32 columns

__device__ unsigned finished[MOST_GROUPS];

// The sum of all lines' values of a column, for line 0.
__device__ __forceinline__ float sumOfLines(float (&sums)[ROWS_AT_ONCE][32], int line, int lane,
                                            float sum) {
  sums[line][lane] = sum;
  __syncthreads();
  float total = 0.0f;
  if (line == 0) {
#pragma unroll
    for (int i = 0; i < ROWS_AT_ONCE; i++) total += sums[i][lane];
  }
  __syncthreads();
  return total;
}

extern "C" __global__ void __launch_bounds__(256)
    linear_grad(int activation, const float* z, int ldZ, const float* gradOut, int ldGradOut,
                float* gradZ, int ldGradZ, float* partials, float* gradBias, int rows, int columns) {
  __shared__ float sums[ROWS_AT_ONCE][32];
  const int strips = gridDim.y;
  z = behind(z, ldZ, rows);
  gradOut = behind(gradOut, ldGradOut, rows);
  gradZ = behind(gradZ, ldGradZ, rows);
  partials = behind(partials, columns, strips);
  gradBias = behind(gradBias, columns, 1);
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
  const float ofStrip = sumOfLines(sums, line, lane, sum);
  if (line == 0 && column < columns)
    partials[static_cast<size_t>(blockIdx.y) * columns + column] = ofStrip;
  if (!isLastBlock(finished + blockIdx.z * gridDim.x + blockIdx.x, strips)) return;
  float part = 0.0f;
  if (column < columns) {
    for (int strip = line; strip < strips; strip += ROWS_AT_ONCE)
      part += __ldcg(partials + static_cast<size_t>(strip) * columns + column);
  }
  const float total = sumOfLines(sums, line, lane, part);
  if (line == 0 && column < columns) gradBias[column] = total;
}
