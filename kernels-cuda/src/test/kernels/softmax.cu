// A warp for each row; its lanes agree by shuffles.
// qgpo: rows 4, threads 128
__device__ float larger(float a, float b) { return a != a || a > b ? a : b; }  // NaN stays NaN

extern "C" __global__ void softmax(const float* x, int ldX, float* y, int ldY, int rows, int columns) {
  const int row = blockIdx.x * 4 + threadIdx.x / warpSize;
  const int lane = threadIdx.x % warpSize;
  if (row >= rows) return;
  float most = -INFINITY;
  for (int c = lane; c < columns; c += warpSize) most = larger(most, x[row * ldX + c]);
  for (int by = 16; by > 0; by /= 2) most = larger(most, __shfl_xor_sync(0xffffffffu, most, by));
  float sum = 0.0f;
  for (int c = lane; c < columns; c += warpSize) sum += __expf(x[row * ldX + c] - most);
  for (int by = 16; by > 0; by /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, by);
  for (int c = lane; c < columns; c += warpSize) y[row * ldY + c] = __expf(x[row * ldX + c] - most) / sum;
}
