// Linear layer with bias and SiLU, 3: a tile of sums in each thread's registers.
//
// A thread has 4 x 4 sums. For each step of the inner extent it reads 4 + 4 elements from shared memory
// and makes 16 products of them: 8 loads for 32 operations.
// qgpo: tile 64 x 64, threads 256

constexpr int TILE = 64;     // rows and columns of a block's result
constexpr int SLICE = 16;    // of the inner extent, at a time
constexpr int EACH = 4;      // rows and columns of a thread's result
constexpr int THREADS = 256;
constexpr int ACROSS = TILE / EACH;  // threads beside one another

// Fetches TILE rows of a matrix, SLICE of the inner extent, and lays them down transposed.
__device__ __forceinline__ void fetch(float (&shared)[SLICE][TILE + 1], const float* matrix, int ld,
                                      int firstRow, int rows, int from, int inner) {
  for (int i = threadIdx.x; i < TILE * SLICE; i += THREADS) {
    const int row = firstRow + i / SLICE;
    const int k = from + i % SLICE;
    shared[i % SLICE][i / SLICE] =
        row < rows && k < inner ? matrix[static_cast<size_t>(row) * ld + k] : 0.0f;
  }
}

extern "C" __global__ void __launch_bounds__(THREADS)
    linear_silu(const float* x, int ldX, const float* weight, int ldWeight, const float* bias,
                const float* residual, int ldResidual, float* z, int ldZ, float* y, int ldY, int rows,
                int columns, int inner) {
  __shared__ float sharedX[SLICE][TILE + 1];
  __shared__ float sharedWeight[SLICE][TILE + 1];
  const int row0 = blockIdx.y * TILE;
  const int column0 = blockIdx.x * TILE;
  const int down = threadIdx.x / ACROSS;
  const int across = threadIdx.x % ACROSS;

  float sum[EACH][EACH] = {};
  for (int from = 0; from < inner; from += SLICE) {
    fetch(sharedX, x, ldX, row0, rows, from, inner);
    fetch(sharedWeight, weight, ldWeight, column0, columns, from, inner);
    __syncthreads();
#pragma unroll
    for (int k = 0; k < SLICE; k++) {
      float left[EACH];
      float right[EACH];
      // A thread's rows and columns are ACROSS apart, so that neighbours read neighbours.
#pragma unroll
      for (int i = 0; i < EACH; i++) left[i] = sharedX[k][down + i * ACROSS];
#pragma unroll
      for (int j = 0; j < EACH; j++) right[j] = sharedWeight[k][across + j * ACROSS];
#pragma unroll
      for (int i = 0; i < EACH; i++)
#pragma unroll
        for (int j = 0; j < EACH; j++) sum[i][j] = fmaf(left[i], right[j], sum[i][j]);
    }
    __syncthreads();
  }

#pragma unroll
  for (int i = 0; i < EACH; i++) {
    const int row = row0 + down + i * ACROSS;
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      const int column = column0 + across + j * ACROSS;
      if (row >= rows || column >= columns) continue;
      float s = sum[i][j];
      if (bias != nullptr) s += bias[column];
      if (z != nullptr) z[static_cast<size_t>(row) * ldZ + column] = s;
      float result = s / (1.0f + expf(-s));
      if (residual != nullptr) result += residual[static_cast<size_t>(row) * ldResidual + column];
      y[static_cast<size_t>(row) * ldY + column] = result;
    }
  }
}
