// Linear layer with bias and SiLU, 5: TF32 on the tensor cores.
//
// A warp multiplies 16 x 8 by 8 x 8 in one instruction, its 32 threads holding the parts. Operands are
// rounded to 10 bits of mantissa, sums are float32. cp.async brings slices from global to shared memory
// behind the computation, two of them ahead of the one that is multiplied.
// qgpo: tile 64 x 64, threads 128, shared 55296, precision tf32

#include "device.cuh"

constexpr int TILE = 64;
constexpr int SLICE = 32;
constexpr int STAGES = 3;
constexpr int THREADS = 128;
constexpr int WARP_TILE = 32;        // rows and columns of a warp's result: 2 x 4 instructions
constexpr int STRIDE = SLICE + 4;    // of a row in shared memory: a fragment's 32 reads hit 32 banks
constexpr int SIZE = TILE * STRIDE;  // of an operand's slice

// Starts the copy of TILE rows of a matrix, SLICE of the inner extent, with zeros beyond the edges.
__device__ __forceinline__ void start(float* shared, const float* matrix, int ld, int firstRow, int rows,
                                      int from, int inner) {
  const bool isAligned = ld % 4 == 0 && reinterpret_cast<size_t>(matrix) % 16 == 0;
#pragma unroll
  for (int i = threadIdx.x; i < TILE * SLICE / 4; i += THREADS) {
    const int row = firstRow + i / (SLICE / 4);
    const int k = from + i % (SLICE / 4) * 4;
    const int left = row < rows ? inner - k : 0;
    const int valid = left < 0 ? 0 : left < 4 ? left : 4;
    const float* const source = valid > 0 ? matrix + static_cast<size_t>(row) * ld + k : matrix;
    float* const to = shared + i / (SLICE / 4) * STRIDE + i % (SLICE / 4) * 4;
    if (isAligned) {
      copyAsync16(to, source, valid * 4);
    } else {
#pragma unroll
      for (int j = 0; j < 4; j++)
        copyAsync4(to + j, j < valid ? source + j : matrix, j < valid ? 4 : 0);
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS, 4)
    linear_silu(const float* x, int ldX, const float* weight, int ldWeight, const float* bias,
                const float* residual, int ldResidual, float* z, int ldZ, float* y, int ldY, int rows,
                int columns, int inner) {
  extern __shared__ __align__(16) float shared[];
  float* const sharedWeight = shared + STAGES * SIZE;
  const int row0 = blockIdx.y * TILE;
  const int column0 = blockIdx.x * TILE;
  const int warp = threadIdx.x / 32;
  const int warpRow = warp / 2 * WARP_TILE;
  const int warpColumn = warp % 2 * WARP_TILE;
  // Where this thread's parts of an instruction's operands lie: see mmaTf32 in device.cuh.
  const int g = threadIdx.x % 32 / 4;
  const int t = threadIdx.x % 4;

  const int slices = (inner + SLICE - 1) / SLICE;
  // A group of copies for each slice, empty beyond the last, so that waiting can count them.
  for (int slice = 0; slice < STAGES - 1; slice++) {
    if (slice < slices) {
      start(shared + slice * SIZE, x, ldX, row0, rows, slice * SLICE, inner);
      start(sharedWeight + slice * SIZE, weight, ldWeight, column0, columns, slice * SLICE, inner);
    }
    commitCopies();
  }

  float sum[2][4][4] = {};
  for (int slice = 0; slice < slices; slice++) {
    waitForCopies<STAGES - 2>();
    __syncthreads();  // all threads' copies are there, and the stage that is filled next has been read
    const int ahead = slice + STAGES - 1;
    if (ahead < slices) {
      const int stage = ahead % STAGES * SIZE;
      start(shared + stage, x, ldX, row0, rows, ahead * SLICE, inner);
      start(sharedWeight + stage, weight, ldWeight, column0, columns, ahead * SLICE, inner);
    }
    commitCopies();
    const float* const sliceX = shared + slice % STAGES * SIZE;
    const float* const sliceWeight = sharedWeight + slice % STAGES * SIZE;
#pragma unroll
    for (int k = 0; k < SLICE; k += 8) {
      uint32_t left[2][4];
      uint32_t right[4][2];
#pragma unroll
      for (int i = 0; i < 2; i++) {
        const float* const part = sliceX + (warpRow + i * 16 + g) * STRIDE + k + t;
        left[i][0] = toTf32(part[0]);
        left[i][1] = toTf32(part[8 * STRIDE]);
        left[i][2] = toTf32(part[4]);
        left[i][3] = toTf32(part[8 * STRIDE + 4]);
      }
#pragma unroll
      for (int j = 0; j < 4; j++) {
        const float* const part = sliceWeight + (warpColumn + j * 8 + g) * STRIDE + k + t;
        right[j][0] = toTf32(part[0]);
        right[j][1] = toTf32(part[4]);
      }
#pragma unroll
      for (int i = 0; i < 2; i++)
#pragma unroll
        for (int j = 0; j < 4; j++) mmaTf32(sum[i][j], left[i], right[j]);
    }
  }

#pragma unroll
  for (int i = 0; i < 2; i++)
#pragma unroll
    for (int j = 0; j < 4; j++)
#pragma unroll
      for (int l = 0; l < 4; l++) {
        const int row = row0 + warpRow + i * 16 + l / 2 * 8 + g;
        const int column = column0 + warpColumn + j * 8 + 2 * t + l % 2;
        if (row >= rows || column >= columns) continue;
        float s = sum[i][j][l];
        if (bias != nullptr) s += bias[column];
        if (z != nullptr) z[static_cast<size_t>(row) * ldZ + column] = s;
        float result = s / (1.0f + expf(-s));
        if (residual != nullptr) result += residual[static_cast<size_t>(row) * ldResidual + column];
        y[static_cast<size_t>(row) * ldY + column] = result;
      }
}
