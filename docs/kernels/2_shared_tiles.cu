// Linear layer with bias and SiLU, 2: tiles of both operands in shared memory.
//
// A block reads 32 x 32 of x and of weight, adjacent threads adjacent elements, and uses each of them
// 32 times: 2 loads from global memory for 64 operations, but still 2 from shared memory for 2.
// qgpo: tile 32 x 32, threads 1024

constexpr int TILE = 32;

extern "C" __global__ void __launch_bounds__(TILE* TILE)
    linear_silu(const float* x, int ldX, const float* weight, int ldWeight, const float* bias,
                const float* residual, int ldResidual, float* z, int ldZ, float* y, int ldY, int rows,
                int columns, int inner) {
  // One column more: the 32 threads of a warp read a column of sharedWeight, from 32 banks.
  __shared__ float sharedX[TILE][TILE + 1];
  __shared__ float sharedWeight[TILE][TILE + 1];
  const int down = threadIdx.x / TILE;
  const int across = threadIdx.x % TILE;
  const int row = blockIdx.y * TILE + down;
  const int column = blockIdx.x * TILE + across;
  const int weightRow = blockIdx.x * TILE + down;

  float sum = 0.0f;
  for (int from = 0; from < inner; from += TILE) {
    const int k = from + across;
    // Zeros beyond the edges add nothing.
    sharedX[down][across] =
        row < rows && k < inner ? x[static_cast<size_t>(row) * ldX + k] : 0.0f;
    sharedWeight[down][across] =
        weightRow < columns && k < inner ? weight[static_cast<size_t>(weightRow) * ldWeight + k] : 0.0f;
    __syncthreads();  // all has been written
#pragma unroll
    for (int i = 0; i < TILE; i++) sum += sharedX[down][i] * sharedWeight[across][i];
    __syncthreads();  // all has been read
  }

  if (row >= rows || column >= columns) return;
  if (bias != nullptr) sum += bias[column];
  if (z != nullptr) z[static_cast<size_t>(row) * ldZ + column] = sum;
  float result = sum / (1.0f + expf(-sum));
  if (residual != nullptr) result += residual[static_cast<size_t>(row) * ldResidual + column];
  y[static_cast<size_t>(row) * ldY + column] = result;
}
