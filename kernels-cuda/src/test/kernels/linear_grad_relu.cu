// A block has 32 columns, a warp's lane each; its 8 warps take every eighth row, and are added in order.
// qgpo: columns 32, threads 256
extern "C" __global__ void linear_grad_relu(const float* z, int ldZ, const float* gradOut, int ldGradOut,
                                            float* gradZ, int ldGradZ, float* gradBias, int rows,
                                            int columns) {
  __shared__ float sums[8][32];
  const int warp = threadIdx.x / 32;
  const int lane = threadIdx.x % 32;
  const int column = blockIdx.x * 32 + lane;
  float sum = 0.0f;
  for (int row = warp; row < rows && column < columns; row += 8) {
    const float at = z[row * ldZ + column];
    const float gradient = gradOut[row * ldGradOut + column] * (at > 0.0f ? 1.0f : 0.0f);
    gradZ[row * ldGradZ + column] = gradient;
    sum += gradient;
  }
  sums[warp][lane] = sum;
  __syncthreads();
  if (warp > 0 || column >= columns || gradBias == nullptr) return;
  for (int i = 1; i < 8; i++) sum += sums[i][lane];
  gradBias[column] = sum;
}
