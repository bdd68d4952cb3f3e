// qgpo: tile 8 x 32, threads 256
#include <cuda_runtime.h>
extern "C" __global__ void linear_silu(
    const float* __restrict__ x, int ldX, const float* __restrict__ weight, int ldWeight,
    const float* bias, const float* residual, int ldResidual, float* z, int ldZ, float* y, int ldY,
    int rows, int columns, int inner) {
  const int row = blockIdx.y * 8 + threadIdx.x / 32;
  const int column = blockIdx.x * 32 + threadIdx.x % 32;
  if (row >= rows || column >= columns) return;
  float sum = bias == nullptr ? 0.0f : bias[column];
  for (int k = 0; k < inner; k++) sum = fmaf(x[row * ldX + k], weight[column * ldWeight + k], sum);
  if (z != nullptr) z[row * ldZ + column] = sum;
  sum = sum / (1.0f + expf(-sum));
  y[row * ldY + column] = residual == nullptr ? sum : sum + residual[row * ldResidual + column];
}
