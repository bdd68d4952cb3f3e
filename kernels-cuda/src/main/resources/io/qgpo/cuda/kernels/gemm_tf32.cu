// Matrix product in TF32 on the tensor cores with a linear layer's epilogue: operands rounded to 10
// bits of mantissa, sums in float32.
//
// Reference: ScalarBackend.linear (NT) and ScalarBackend.matmul (NN, TN), operands rounded before.
// Shapes:    op(a) rows x inner, op(b) inner x columns, out rows x columns, as in gemm_fp32.cu.
// Launch:    grid (columns / tile, rows / tile, layers), rounded up; 256 threads for tiles of 128, 128
//            for tiles of 64; dynamic shared memory for 3 slices of both operands, at most
//            3 x 2 x 128 x 36 floats (ProductKernels.java computes it).
// Bytes:     4 (rows inner + inner columns + rows columns) at best; each tile reads
//            4 inner (tile + tile) through the L2 cache.
// FLOP:      2 rows columns inner.
//
// cp.async fills slices of 32 of the inner extent two ahead of the one that mma.sync multiplies, so
// an iteration needs one barrier. Warps hold 64 x 32 (tile 128) or 32 x 32 (tile 64) sums.
#include "device.cuh"
#include "epilogue.cuh"
#include "layers.cuh"
#include "linear_backward.cuh"

constexpr int SLICE = 32;
constexpr int STAGES = 3;

// As in gemm_fp32.cu, but a slice lies in shared memory as in global memory. Rows are padded so that
// the 32 lanes' reads of a fragment hit 32 different banks.
template <bool InnerAdjacent, int Extent, int Threads>
struct Operand {
  static constexpr int CHUNKS = Extent * SLICE / 4 / Threads;
  static constexpr int STRIDE = InnerAdjacent ? SLICE + 4 : Extent + 8;
  static constexpr int SIZE = InnerAdjacent ? Extent * STRIDE : SLICE * STRIDE;
  const float* base;
  int ld, first, extent, innerEnd;
  bool aligned;

  __device__ __forceinline__ Operand(const float* base, int ld, int first, int extent, int innerEnd)
      : base(base), ld(ld), first(first), extent(extent), innerEnd(innerEnd),
        aligned(onSixteenBytes(base, ld)) {}

  __device__ __forceinline__ void start(float* slice, int from) const {
#pragma unroll
    for (int i = 0; i < CHUNKS; i++) {
      const int chunk = threadIdx.x + i * Threads;
      const int major = InnerAdjacent ? chunk / (SLICE / 4) : chunk / (Extent / 4);
      const int minor = (InnerAdjacent ? chunk % (SLICE / 4) : chunk % (Extent / 4)) * 4;
      const int r = first + (InnerAdjacent ? major : minor);
      const int k = from + (InnerAdjacent ? minor : major);
      const bool inside = r < extent && k < innerEnd;
      const int left = !inside ? 0 : InnerAdjacent ? innerEnd - k : extent - r;
      const int valid = left < 4 ? left : 4;
      const size_t at = InnerAdjacent ? static_cast<size_t>(r) * ld + k
                                      : static_cast<size_t>(k) * ld + r;
      const float* source = inside ? base + at : base;
      float* to = slice + major * STRIDE + minor;
      if (aligned) {
        copyAsync16(to, source, valid * 4);
      } else {
#pragma unroll
        for (int j = 0; j < 4; j++)
          copyAsync4(to + j, j < valid ? source + j : base, j < valid ? 4 : 0);
      }
    }
  }

  __device__ __forceinline__ static uint32_t at(const float* slice, int row, int k) {
    return toTf32(slice[InnerAdjacent ? row * STRIDE + k : k * STRIDE + row]);
  }
};

// ofColumns: as in gemm_fp32.cu, of operands that are not rounded.
template <bool TransA, bool TransB, int Tile, int WarpRows, int WarpColumns>
__device__ __forceinline__ void multiply(float* shared, const float* a, int lda, const float* b,
                                         int ldb, const Part& part, const Epilogue& e,
                                         float* ofColumns) {
  constexpr int WARPS_ACROSS = Tile / WarpColumns;
  constexpr int THREADS = Tile / WarpRows * WARPS_ACROSS * 32;
  constexpr int ROW_TILES = WarpRows / 16;
  constexpr int COLUMN_TILES = WarpColumns / 8;
  using OperandA = Operand<!TransA, Tile, THREADS>;
  using OperandB = Operand<TransB, Tile, THREADS>;
  float* const sharedB = shared + STAGES * OperandA::SIZE;

  const int warp = threadIdx.x / 32;
  const int g = threadIdx.x % 32 / 4;
  const int t = threadIdx.x % 4;
  const int warpRow = warp / WARPS_ACROSS * WarpRows;
  const int warpColumn = warp % WARPS_ACROSS * WarpColumns;
  const int begin = part.begin;
  const int slices = (part.end - begin + SLICE - 1) / SLICE;

  const OperandA operandA(a, lda, part.row0, e.rows, part.end);
  const OperandB operandB(b, ldb, part.column0, e.columns, part.end);
  float sum[ROW_TILES][COLUMN_TILES][4] = {};
  float ofColumn = 0.0f;

  // A group of copies for each slice, empty beyond the last, so that waiting can count them.
  for (int slice = 0; slice < STAGES - 1; slice++) {
    if (slice < slices) {
      operandA.start(shared + slice * OperandA::SIZE, begin + slice * SLICE);
      operandB.start(sharedB + slice * OperandB::SIZE, begin + slice * SLICE);
    }
    commitCopies();
  }
  for (int slice = 0; slice < slices; slice++) {
    waitForCopies<STAGES - 2>();
    __syncthreads();
    const int ahead = slice + STAGES - 1;
    if (ahead < slices) {
      operandA.start(shared + ahead % STAGES * OperandA::SIZE, begin + ahead * SLICE);
      operandB.start(sharedB + ahead % STAGES * OperandB::SIZE, begin + ahead * SLICE);
    }
    commitCopies();
    const float* const sliceA = shared + slice % STAGES * OperandA::SIZE;
    const float* const sliceB = sharedB + slice % STAGES * OperandB::SIZE;
    if (TransA && ofColumns != nullptr && threadIdx.x < Tile) {
#pragma unroll 4
      for (int k = 0; k < SLICE; k++) ofColumn += sliceA[k * OperandA::STRIDE + threadIdx.x];
    }
#pragma unroll
    for (int k = 0; k < SLICE; k += 8) {
      uint32_t left[ROW_TILES][4];
      uint32_t right[COLUMN_TILES][2];
#pragma unroll
      for (int i = 0; i < ROW_TILES; i++) {
        const int row = warpRow + i * 16 + g;
        left[i][0] = OperandA::at(sliceA, row, k + t);
        left[i][1] = OperandA::at(sliceA, row + 8, k + t);
        left[i][2] = OperandA::at(sliceA, row, k + t + 4);
        left[i][3] = OperandA::at(sliceA, row + 8, k + t + 4);
      }
#pragma unroll
      for (int j = 0; j < COLUMN_TILES; j++) {
        const int column = warpColumn + j * 8 + g;
        right[j][0] = OperandB::at(sliceB, column, k + t);
        right[j][1] = OperandB::at(sliceB, column, k + t + 4);
      }
#pragma unroll
      for (int i = 0; i < ROW_TILES; i++)
#pragma unroll
        for (int j = 0; j < COLUMN_TILES; j++) mmaTf32(sum[i][j], left[i], right[j]);
    }
  }

  if (TransA && ofColumns != nullptr && threadIdx.x < Tile) {
    const int row = part.row0 + static_cast<int>(threadIdx.x);
    if (row < e.rows) ofColumns[row] = ofColumn;
  }
  // The products go through the memory of the slices.
  constexpr int STRIDE = Tile + 8;
  __syncthreads();
#pragma unroll
  for (int i = 0; i < ROW_TILES; i++) {
#pragma unroll
    for (int j = 0; j < COLUMN_TILES; j++) {
      const float upper[2] = {sum[i][j][0], sum[i][j][1]};
      const float lower[2] = {sum[i][j][2], sum[i][j][3]};
      float* const to = shared + (warpRow + i * 16 + g) * STRIDE + warpColumn + j * 8 + 2 * t;
      storeVector(to, upper);
      storeVector(to + 8 * STRIDE, lower);
    }
  }
  __syncthreads();
  finishTile<Tile, Tile, STRIDE, THREADS>(e, shared, part.row0, part.column0);
}

#define GEMM(name, transB, tile, warpRows, warpColumns, threads, blocks)                          \
  extern "C" __global__ void __launch_bounds__(threads, blocks)                                   \
      name(const float* a, int lda, const float* b, int ldb, float* out, int ldOut, int rows,     \
           int columns, int inner, const float* bias, int activation, const float* residual,      \
           int ldResidual, float* pre, int ldPre, int rowsOfA) {                                  \
    DYNAMIC_SHARED(shared);                                                                       \
    const Part part{static_cast<int>(blockIdx.y) * tile, static_cast<int>(blockIdx.x) * tile, 0,  \
                    inner};                                                                       \
    multiply<false, transB, tile, warpRows, warpColumns>(                                         \
        shared, behind(a, lda, rowsOfA), lda, behind(b, ldb, transB ? columns : inner), ldb, part, \
        makeEpilogue(behind(out, ldOut, rows), ldOut, behind(bias, columns, 1), activation,       \
                     behind(residual, ldResidual, rows), ldResidual, behind(pre, ldPre, rows),    \
                     ldPre, rows, columns),                                                       \
        nullptr);                                                                                 \
  }

GEMM(gemm_tf32_nt_128, true, 128, 64, 32, 256, 2)
// With two blocks a multiprocessor this one and the backward pass would spill registers.
GEMM(gemm_tf32_nn_128, false, 128, 64, 32, 256, 1)
GEMM(gemm_tf32_nt_64, true, 64, 32, 32, 128, 3)
GEMM(gemm_tf32_nn_64, false, 64, 32, 32, 128, 3)

template <bool TransA, bool TransB>
struct Large {
  template <class... P>
  __device__ __forceinline__ static void compute(P... p) {
    multiply<TransA, TransB, 128, 64, 32>(p...);
  }
};
template <bool TransA, bool TransB>
struct Small {
  template <class... P>
  __device__ __forceinline__ static void compute(P... p) {
    multiply<TransA, TransB, 64, 32, 32>(p...);
  }
};

LINEAR_BACKWARD(gemm_tf32_backward_128, 128, 256, 1, DYNAMIC_SHARED(shared), Large)
LINEAR_BACKWARD(gemm_tf32_backward_64, 64, 128, 3, DYNAMIC_SHARED(shared), Small)
