// Matrix products of a few rows with a linear layer's epilogue: layers of a policy that acts for one
// state or some. They read the weight once and wait for it, so many warps read it at a time; a tile
// of gemm_fp32.cu would go through the inner extent 16 by 16, one wait after the other.
//
// Reference: ScalarBackend.linear (NT) and ScalarBackend.matmul (NN).
// Shapes:    a rows x inner, out rows x columns, of 1 to 16 rows and any leading dimensions. NT: b
//            columns x inner (x W^T). NN: b inner x columns (dZ W). Several layers have their matrices
//            behind each other, rowsOfA rows of a apart: 0 if they share it.
// Launch:    256 threads. NT: grid (columns / 8, 1, layers), rounded up, a warp for each column. NN: grid
//            (columns / 32, 1, layers), rounded up, a lane for each column, every eighth term a warp.
// Bytes:     4 (rows inner + inner columns + rows columns).
// FLOP:      2 rows columns inner.
#include "device.cuh"
#include "epilogue.cuh"
#include "layers.cuh"

constexpr int MOST_ROWS = 16;
constexpr int WARPS = 8;
constexpr int THREADS = 32 * WARPS;

// Loads of the weight that a lane has under way: those behind a branch would wait for those before.
constexpr int CHUNKS = 4;  // NT: of 4 terms, so that a warp has 512
constexpr int TERMS = 8;   // NN: of one

// Four elements from one that is a multiple of four on, zeros beyond the end.
__device__ __forceinline__ void loadFour(float (&v)[4], const float* row, int k, int inner,
                                         bool aligned) {
  if (aligned && k + 4 <= inner) {
    loadVector(v, row + k);
    return;
  }
#pragma unroll
  for (int i = 0; i < 4; i++) v[i] = k + i < inner ? row[k + i] : 0.0f;
}

extern "C" __global__ void __launch_bounds__(THREADS)
    few_rows_nt(const float* a, int lda, const float* b, int ldb, float* out, int ldOut, int rows,
                int columns, int inner, const float* bias, int activation, const float* residual,
                int ldResidual, float* pre, int ldPre, int rowsOfA) {
  const int lane = threadIdx.x % 32;
  const int column = blockIdx.x * WARPS + threadIdx.x / 32;
  if (column >= columns) return;
  a = behind(a, lda, rowsOfA);
  const float* const weight = behind(b, ldb, columns) + static_cast<size_t>(column) * ldb;
  const bool aligned = onSixteenBytes(a, lda) && onSixteenBytes(weight, ldb);
  float sums[MOST_ROWS] = {};
  for (int from = 4 * lane; from < inner; from += CHUNKS * 4 * 32) {
    float w[CHUNKS][4];
#pragma unroll
    for (int c = 0; c < CHUNKS; c++) loadFour(w[c], weight, from + c * 4 * 32, inner, aligned);
#pragma unroll
    for (int row = 0; row < MOST_ROWS; row++) {
      if (row >= rows) break;
      float x[CHUNKS][4];
#pragma unroll
      for (int c = 0; c < CHUNKS; c++)
        loadFour(x[c], a + static_cast<size_t>(row) * lda, from + c * 4 * 32, inner, aligned);
#pragma unroll
      for (int c = 0; c < CHUNKS; c++) {
#pragma unroll
        for (int i = 0; i < 4; i++) sums[row] += x[c][i] * w[c][i];
      }
    }
  }
  float mine = 0.0f;  // lane i's is the sum of row i
#pragma unroll
  for (int row = 0; row < MOST_ROWS; row++) {
    if (row >= rows) break;
#pragma unroll
    for (int apart = 16; apart > 0; apart /= 2)
      sums[row] += __shfl_xor_sync(0xffffffffu, sums[row], apart);
    if (lane == row) mine = sums[row];
  }
  if (lane >= rows) return;
  const Epilogue e =
      makeEpilogue(behind(out, ldOut, rows), ldOut, behind(bias, columns, 1), activation,
                   behind(residual, ldResidual, rows), ldResidual, behind(pre, ldPre, rows), ldPre,
                   rows, columns);
  finishOne(e, mine, lane, column);
}

extern "C" __global__ void __launch_bounds__(THREADS)
    few_rows_nn(const float* a, int lda, const float* b, int ldb, float* out, int ldOut, int rows,
                int columns, int inner, const float* bias, int activation, const float* residual,
                int ldResidual, float* pre, int ldPre, int rowsOfA) {
  __shared__ float parts[WARPS][MOST_ROWS][32];
  const int lane = threadIdx.x % 32;
  const int warp = threadIdx.x / 32;
  const int column = blockIdx.x * 32 + lane;
  a = behind(a, lda, rowsOfA);
  b = behind(b, ldb, inner);
  float sums[MOST_ROWS] = {};
  for (int from = warp; from < inner; from += TERMS * WARPS) {
    float w[TERMS];
#pragma unroll
    for (int i = 0; i < TERMS; i++) {
      const int k = from + i * WARPS;
      w[i] = k < inner && column < columns ? b[static_cast<size_t>(k) * ldb + column] : 0.0f;
    }
#pragma unroll
    for (int row = 0; row < MOST_ROWS; row++) {
      if (row >= rows) break;
#pragma unroll
      for (int i = 0; i < TERMS; i++) {
        const int k = from + i * WARPS;
        if (k < inner) sums[row] += a[static_cast<size_t>(row) * lda + k] * w[i];
      }
    }
  }
#pragma unroll
  for (int row = 0; row < MOST_ROWS; row++) parts[warp][row][lane] = sums[row];
  __syncthreads();
  if (column >= columns) return;
  const Epilogue e =
      makeEpilogue(behind(out, ldOut, rows), ldOut, behind(bias, columns, 1), activation,
                   behind(residual, ldResidual, rows), ldResidual, behind(pre, ldPre, rows), ldPre,
                   rows, columns);
  for (int row = warp; row < rows; row += WARPS) {
    float sum = 0.0f;
#pragma unroll
    for (int i = 0; i < WARPS; i++) sum += parts[i][row][lane];
    finishOne(e, sum, row, column);
  }
}
