// Linear layer with bias and SiLU, 1: a thread for each element of the result.
//
// Every product reads both its operands from global memory: 2 loads for 2 floating-point operations.
// qgpo: tile 16 x 16, threads 256

extern "C" __global__ void __launch_bounds__(256)
    linear_silu(const float* x, int ldX, const float* weight, int ldWeight, const float* bias,
                const float* residual, int ldResidual, float* z, int ldZ, float* y, int ldY, int rows,
                int columns, int inner) {
  const int row = blockIdx.y * 16 + threadIdx.x / 16;
  const int column = blockIdx.x * 16 + threadIdx.x % 16;
  if (row >= rows || column >= columns) return;  // the last tiles reach beyond the result

  float sum = 0.0f;
  for (int k = 0; k < inner; k++)
    sum += x[static_cast<size_t>(row) * ldX + k] * weight[static_cast<size_t>(column) * ldWeight + k];

  if (bias != nullptr) sum += bias[column];
  if (z != nullptr) z[static_cast<size_t>(row) * ldZ + column] = sum;
  float result = sum / (1.0f + expf(-sum));
  if (residual != nullptr) result += residual[static_cast<size_t>(row) * ldResidual + column];
  y[static_cast<size_t>(row) * ldY + column] = result;
}
