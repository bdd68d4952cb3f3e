// Matrix product in TF32 on the tensor cores with a linear layer's epilogue: operands rounded to 10
// bits of mantissa, sums in float32.
//
// Reference, shapes, splits, bytes and FLOP: as gemm_fp32.cu (innerPerSplit a multiple of 32).
// Launch:    grid as there; 256 threads for tiles of 128, 128 for tiles of 64; dynamic shared memory
//            for 3 slices of both operands, at most 3 x 2 x 128 x 36 floats (Gemm.java computes it).
//
// cp.async fills slices of 32 of the inner extent two ahead of the one that mma.sync multiplies, so
// an iteration needs one barrier. Warps hold 64 x 32 (tile 128) or 32 x 32 (tile 64) sums.
#include "device.cuh"
#include "epilogue.cuh"

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

template <bool TransA, bool TransB, int Tile, int WarpRows, int WarpColumns>
__device__ __forceinline__ void multiply(const float* a, int lda, const float* b, int ldb, int inner,
                                         int innerPerSplit, float* partials, Epilogue e) {
  constexpr int WARPS_ACROSS = Tile / WarpColumns;
  constexpr int THREADS = Tile / WarpRows * WARPS_ACROSS * 32;
  constexpr int ROW_TILES = WarpRows / 16;
  constexpr int COLUMN_TILES = WarpColumns / 8;
  using OperandA = Operand<!TransA, Tile, THREADS>;
  using OperandB = Operand<TransB, Tile, THREADS>;
  DYNAMIC_SHARED(shared);
  float* const sharedB = shared + STAGES * OperandA::SIZE;

  const int warp = threadIdx.x / 32;
  const int g = threadIdx.x % 32 / 4;
  const int t = threadIdx.x % 4;
  const int warpRow = warp / WARPS_ACROSS * WarpRows;
  const int warpColumn = warp % WARPS_ACROSS * WarpColumns;
  const int row0 = blockIdx.y * Tile;
  const int column0 = blockIdx.x * Tile;
  const int begin = blockIdx.z * innerPerSplit;
  const int end = min(inner, begin + innerPerSplit);
  const int slices = (end - begin + SLICE - 1) / SLICE;

  const OperandA operandA(a, lda, row0, e.rows, end);
  const OperandB operandB(b, ldb, column0, e.columns, end);
  float sum[ROW_TILES][COLUMN_TILES][4] = {};

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

  if (gridDim.z > 1) {
    const size_t size = static_cast<size_t>(e.rows) * e.columns;
    e = makeEpilogue(partials + blockIdx.z * size, e.columns, nullptr, IDENTITY, nullptr, 0, nullptr,
                     0, e.rows, e.columns);
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
  finish<Tile, Tile, STRIDE, THREADS>(e, shared, row0, column0);
}

#define GEMM(name, transA, transB, tile, warpRows, warpColumns, threads, blocks)                  \
  extern "C" __global__ void __launch_bounds__(threads, blocks)                                   \
      name(const float* a, int lda, const float* b, int ldb, float* out, int ldOut, int rows,     \
           int columns, int inner, int innerPerSplit, float* partials, const float* bias,         \
           int activation, const float* residual, int ldResidual, float* pre, int ldPre) {        \
    multiply<transA, transB, tile, warpRows, warpColumns>(                                        \
        a, lda, b, ldb, inner, innerPerSplit, partials,                                           \
        makeEpilogue(out, ldOut, bias, activation, residual, ldResidual, pre, ldPre, rows,        \
                     columns));                                                                   \
  }

GEMM(gemm_tf32_nt_128, false, true, 128, 64, 32, 256, 2)
// With two blocks a multiprocessor these two would spill registers.
GEMM(gemm_tf32_nn_128, false, false, 128, 64, 32, 256, 1)
GEMM(gemm_tf32_tn_128, true, false, 128, 64, 32, 256, 1)
GEMM(gemm_tf32_nt_64, false, true, 64, 32, 32, 128, 3)
GEMM(gemm_tf32_nn_64, false, false, 64, 32, 32, 128, 3)
GEMM(gemm_tf32_tn_64, true, false, 64, 32, 32, 128, 3)
