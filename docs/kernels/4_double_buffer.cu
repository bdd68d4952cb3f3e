// Linear layer with bias and SiLU, 4: vectors of 4 floats, and two buffers.
//
// A thread has 8 x 8 sums, and reads shared memory 16 bytes at a time: 4 loads for 128 operations.
// While a slice is multiplied the next one is on its way from global memory, 16 bytes at a time, too,
// through registers into the other buffer; so one barrier a slice is enough.
// qgpo: tile 128 x 128, threads 256

#include "device.cuh"

constexpr int TILE = 128;
constexpr int SLICE = 8;
constexpr int THREADS = 256;
constexpr int ACROSS = 16;   // threads beside one another, and below one another
constexpr int STRIDE = TILE + 4;  // of a row in shared memory, a multiple of 4 floats

// TILE rows of a matrix. A thread has half a row of a slice: 4 elements.
struct Operand {
  const float* matrix;
  int ld, row, rows, inner;
  bool isAligned;  // groups of 4 lie on 16 bytes

  __device__ __forceinline__ Operand(const float* matrix, int ld, int firstRow, int rows, int inner)
      : matrix(matrix), ld(ld), row(firstRow + threadIdx.x / 2), rows(rows), inner(inner),
        isAligned(ld % 4 == 0 && reinterpret_cast<size_t>(matrix) % 16 == 0) {}

  __device__ __forceinline__ void load(float (&held)[4], int from) const {
    const int k = from + threadIdx.x % 2 * 4;
    const float* const place = matrix + static_cast<size_t>(row) * ld + k;
    if (isAligned && row < rows && k + 4 <= inner) {
      loadVector(held, place);
      return;
    }
#pragma unroll
    for (int i = 0; i < 4; i++) held[i] = row < rows && k + i < inner ? place[i] : 0.0f;
  }

  __device__ __forceinline__ static void store(const float (&held)[4], float (&slice)[SLICE][STRIDE]) {
#pragma unroll
    for (int i = 0; i < 4; i++) slice[threadIdx.x % 2 * 4 + i][threadIdx.x / 2] = held[i];
  }
};

extern "C" __global__ void __launch_bounds__(THREADS)
    linear_silu(const float* x, int ldX, const float* weight, int ldWeight, const float* bias,
                const float* residual, int ldResidual, float* z, int ldZ, float* y, int ldY, int rows,
                int columns, int inner) {
  __shared__ __align__(16) float sharedX[2][SLICE][STRIDE];
  __shared__ __align__(16) float sharedWeight[2][SLICE][STRIDE];
  const int row0 = blockIdx.y * TILE;
  const int column0 = blockIdx.x * TILE;
  const int down = threadIdx.x / ACROSS * 4;
  const int across = threadIdx.x % ACROSS * 4;
  const Operand operandX(x, ldX, row0, rows, inner);
  const Operand operandWeight(weight, ldWeight, column0, columns, inner);

  float heldX[4];
  float heldWeight[4];
  operandX.load(heldX, 0);
  operandWeight.load(heldWeight, 0);
  Operand::store(heldX, sharedX[0]);
  Operand::store(heldWeight, sharedWeight[0]);
  __syncthreads();

  // Two groups of 4 rows and two of 4 columns, half a tile apart.
  float sum[8][8] = {};
  int buffer = 0;
  for (int from = 0; from < inner; from += SLICE) {
    const bool more = from + SLICE < inner;
    if (more) {
      operandX.load(heldX, from + SLICE);
      operandWeight.load(heldWeight, from + SLICE);
    }
#pragma unroll
    for (int k = 0; k < SLICE; k++) {
      float left[2][4];
      float right[2][4];
#pragma unroll
      for (int i = 0; i < 2; i++) loadVector(left[i], &sharedX[buffer][k][i * TILE / 2 + down]);
#pragma unroll
      for (int j = 0; j < 2; j++) loadVector(right[j], &sharedWeight[buffer][k][j * TILE / 2 + across]);
#pragma unroll
      for (int i = 0; i < 8; i++)
#pragma unroll
        for (int j = 0; j < 8; j++)
          sum[i][j] = fmaf(left[i / 4][i % 4], right[j / 4][j % 4], sum[i][j]);
    }
    if (more) {
      // Nobody reads the other buffer: the barrier of the slice before has been passed.
      buffer ^= 1;
      Operand::store(heldX, sharedX[buffer]);
      Operand::store(heldWeight, sharedWeight[buffer]);
      __syncthreads();
    }
  }

#pragma unroll
  for (int i = 0; i < 8; i++) {
    const int row = row0 + i / 4 * (TILE / 2) + down + i % 4;
#pragma unroll
    for (int j = 0; j < 8; j++) {
      const int column = column0 + j / 4 * (TILE / 2) + across + j % 4;
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
