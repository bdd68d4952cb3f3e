// Matrix product in float32 with a linear layer's epilogue, tiled in shared memory and registers.
//
// Reference: ScalarBackend.linear (NT) and ScalarBackend.matmul (NN, TN).
// Shapes:    op(a) rows x inner, op(b) inner x columns, out rows x columns, all of any extent and
//            leading dimension. NT: a rows x inner, b columns x inner (x W^T). NN: b inner x columns
//            (dZ W). TN: see linear_backward.cuh. Several layers have their matrices behind each
//            other, rowsOfA rows of a apart: 0 if they share it.
// Launch:    grid (columns / tile, rows / tile, layers), rounded up; 256 threads for tiles of 128, 128
//            for tiles of 64.
// Bytes:     4 (rows inner + inner columns + rows columns) at best; each tile reads
//            4 inner (tile + tile) through the L2 cache.
// FLOP:      2 rows columns inner.
//
// Each thread keeps 8 x 8 (tile 128) or 8 x 4 (tile 64) sums in registers. Slices of the operands,
// 16 of the inner extent, go through registers to one of two buffers in shared memory while the
// other is multiplied, so that an iteration needs one barrier.
#include "device.cuh"
#include "epilogue.cuh"
#include "layers.cuh"
#include "linear_backward.cuh"

constexpr int SLICE = 16;
constexpr int PAD = 4;  // of a row in shared memory: of a transposed store, at most two hit one bank

// The part of an operand that a block multiplies: Extent rows (or columns) of op(operand), SLICE of
// the inner extent at a time. InnerAdjacent: elements along the inner extent are adjacent in memory.
template <bool InnerAdjacent, int Extent, int Threads>
struct Operand {
  static constexpr int CHUNKS = Extent * SLICE / 4 / Threads;  // of 4 elements, for each thread
  const float* base;
  int ld, first, extent, innerEnd;
  bool aligned;

  __device__ __forceinline__ Operand(const float* base, int ld, int first, int extent, int innerEnd)
      : base(base), ld(ld), first(first), extent(extent), innerEnd(innerEnd),
        aligned(onSixteenBytes(base, ld)) {}

  // Place of a chunk in the slice: its row, and where it starts within the inner extent.
  __device__ __forceinline__ static int row(int chunk) {
    return InnerAdjacent ? chunk / (SLICE / 4) : chunk % (Extent / 4) * 4;
  }
  __device__ __forceinline__ static int inner(int chunk) {
    return InnerAdjacent ? chunk % (SLICE / 4) * 4 : chunk / (Extent / 4);
  }

  __device__ __forceinline__ void load(float (&held)[CHUNKS][4], int from) const {
#pragma unroll
    for (int i = 0; i < CHUNKS; i++) {
      const int chunk = threadIdx.x + i * Threads;
      const int r = first + row(chunk);
      const int k = from + inner(chunk);
      const bool inside = r < extent && k < innerEnd;
      const int valid = !inside ? 0 : InnerAdjacent ? innerEnd - k : extent - r;
      const size_t at = InnerAdjacent ? static_cast<size_t>(r) * ld + k
                                      : static_cast<size_t>(k) * ld + r;
      if (aligned && valid >= 4) {
        loadVector(held[i], base + at);
      } else {
#pragma unroll
        for (int j = 0; j < 4; j++) held[i][j] = j < valid ? base[at + j] : 0.0f;
      }
    }
  }

  __device__ __forceinline__ static void store(const float (&held)[CHUNKS][4],
                                               float (&slice)[SLICE][Extent + PAD]) {
#pragma unroll
    for (int i = 0; i < CHUNKS; i++) {
      const int chunk = threadIdx.x + i * Threads;
      if (InnerAdjacent) {
#pragma unroll
        for (int j = 0; j < 4; j++) slice[inner(chunk) + j][row(chunk)] = held[i][j];
      } else {
        storeVector(&slice[inner(chunk)][row(chunk)], held[i]);
      }
    }
  }
};

// Floats of shared memory: two slices of both operands, or a group of rows of the products.
template <int Tile, int Down>
constexpr int SHARED = (4 * SLICE > 4 * Down ? 4 * SLICE : 4 * Down) * (Tile + PAD);

// A thread's sums are groups of 4 x 4, spread over the tile so that a warp's reads of shared memory
// are adjacent. ofColumns: receives the sums over the inner extent of each of op(a)'s rows, for
// TransA; or null.
template <bool TransA, bool TransB, int Tile, int ThreadRows, int ThreadColumns>
__device__ __forceinline__ void multiply(float* shared, const float* a, int lda, const float* b,
                                         int ldb, const Part& part, const Epilogue& e,
                                         float* ofColumns) {
  constexpr int DOWN = Tile / ThreadRows;
  constexpr int ACROSS = Tile / ThreadColumns;
  constexpr int THREADS = DOWN * ACROSS;
  constexpr int ROW_GROUPS = ThreadRows / 4;
  constexpr int COLUMN_GROUPS = ThreadColumns / 4;
  using OperandA = Operand<!TransA, Tile, THREADS>;
  using OperandB = Operand<TransB, Tile, THREADS>;
  constexpr int SLICES = 2 * SLICE * (Tile + PAD);  // of one operand
  auto& sliceA = *reinterpret_cast<float(*)[2][SLICE][Tile + PAD]>(shared);
  auto& sliceB = *reinterpret_cast<float(*)[2][SLICE][Tile + PAD]>(shared + SLICES);

  // A warp covers 4 x 8 threads of the tile.
  const int warp = threadIdx.x / 32;
  const int lane = threadIdx.x % 32;
  const int y = warp / (ACROSS / 8) * 4 + lane / 8;
  const int x = warp % (ACROSS / 8) * 8 + lane % 8;
  const OperandA operandA(a, lda, part.row0, e.rows, part.end);
  const OperandB operandB(b, ldb, part.column0, e.columns, part.end);
  float heldA[OperandA::CHUNKS][4];
  float heldB[OperandB::CHUNKS][4];
  float sum[ThreadRows][ThreadColumns] = {};
  float ofColumn = 0.0f;

  operandA.load(heldA, part.begin);
  operandB.load(heldB, part.begin);
  OperandA::store(heldA, sliceA[0]);
  OperandB::store(heldB, sliceB[0]);
  __syncthreads();
  int buffer = 0;
  for (int from = part.begin; from < part.end; from += SLICE) {
    const bool more = from + SLICE < part.end;
    if (more) {
      operandA.load(heldA, from + SLICE);
      operandB.load(heldB, from + SLICE);
    }
#pragma unroll
    for (int k = 0; k < SLICE; k++) {
      float left[ROW_GROUPS][4];
      float right[COLUMN_GROUPS][4];
#pragma unroll
      for (int i = 0; i < ROW_GROUPS; i++)
        loadVector(left[i], &sliceA[buffer][k][i * DOWN * 4 + y * 4]);
#pragma unroll
      for (int j = 0; j < COLUMN_GROUPS; j++)
        loadVector(right[j], &sliceB[buffer][k][j * ACROSS * 4 + x * 4]);
#pragma unroll
      for (int i = 0; i < ThreadRows; i++)
#pragma unroll
        for (int j = 0; j < ThreadColumns; j++)
          sum[i][j] = fmaf(left[i / 4][i % 4], right[j / 4][j % 4], sum[i][j]);
    }
    if (TransA && ofColumns != nullptr && threadIdx.x < Tile) {
#pragma unroll 4
      for (int k = 0; k < SLICE; k++) ofColumn += sliceA[buffer][k][threadIdx.x];
    }
    if (more) {
      buffer ^= 1;
      OperandA::store(heldA, sliceA[buffer]);
      OperandB::store(heldB, sliceB[buffer]);
      __syncthreads();
    }
  }

  if (TransA && ofColumns != nullptr && threadIdx.x < Tile) {
    const int row = part.row0 + static_cast<int>(threadIdx.x);
    if (row < e.rows) ofColumns[row] = ofColumn;
  }
  // A group of rows of all threads at a time goes through the memory of the slices.
  constexpr int STRIDE = Tile + PAD;
#pragma unroll
  for (int i = 0; i < ROW_GROUPS; i++) {
    __syncthreads();
#pragma unroll
    for (int k = 0; k < 4; k++) {
#pragma unroll
      for (int j = 0; j < COLUMN_GROUPS; j++) {
        float group[4];
#pragma unroll
        for (int l = 0; l < 4; l++) group[l] = sum[4 * i + k][4 * j + l];
        storeVector(shared + (y * 4 + k) * STRIDE + j * ACROSS * 4 + x * 4, group);
      }
    }
    __syncthreads();
    finishTile<DOWN * 4, Tile, STRIDE, THREADS>(e, shared, part.row0 + i * DOWN * 4, part.column0);
  }
}

// begin is 0, for layers are fewer than 1 << 15 (ProductKernels.java): with a 0 that the compiler
// knows it spills a register of gemm_fp32_nt_128.
#define GEMM(name, transB, tile, threadRows, threadColumns, threads, blocks)                      \
  extern "C" __global__ void __launch_bounds__(threads, blocks)                                   \
      name(const float* a, int lda, const float* b, int ldb, float* out, int ldOut, int rows,     \
           int columns, int inner, const float* bias, int activation, const float* residual,      \
           int ldResidual, float* pre, int ldPre, int rowsOfA) {                                  \
    __shared__ __align__(16) float shared[SHARED<tile, tile / threadRows>];                       \
    const int begin = static_cast<int>(blockIdx.z >> 15);                                         \
    const Part part{static_cast<int>(blockIdx.y) * tile, static_cast<int>(blockIdx.x) * tile,     \
                    begin, inner};                                                                \
    multiply<false, transB, tile, threadRows, threadColumns>(                                     \
        shared, behind(a, lda, rowsOfA), lda, behind(b, ldb, transB ? columns : inner), ldb, part, \
        makeEpilogue(behind(out, ldOut, rows), ldOut, behind(bias, columns, 1), activation,       \
                     behind(residual, ldResidual, rows), ldResidual, behind(pre, ldPre, rows),    \
                     ldPre, rows, columns),                                                       \
        nullptr);                                                                                 \
  }

GEMM(gemm_fp32_nt_128, true, 128, 8, 8, 256, 2)
// With two blocks a multiprocessor this one would spill registers.
GEMM(gemm_fp32_nn_128, false, 128, 8, 8, 256, 1)
GEMM(gemm_fp32_nt_64, true, 64, 8, 4, 128, 3)
GEMM(gemm_fp32_nn_64, false, 64, 8, 4, 128, 3)

template <bool TransA, bool TransB>
struct Large {
  template <class... P>
  __device__ __forceinline__ static void compute(P... p) {
    multiply<TransA, TransB, 128, 8, 8>(p...);
  }
};
template <bool TransA, bool TransB>
struct Small {
  template <class... P>
  __device__ __forceinline__ static void compute(P... p) {
    multiply<TransA, TransB, 64, 8, 4>(p...);
  }
};

#define SHARED_MEMORY(tile, down) __shared__ __align__(16) float shared[SHARED<tile, down>]

LINEAR_BACKWARD(gemm_fp32_backward_128, 128, 256, 1, SHARED_MEMORY(128, 16), Large)
LINEAR_BACKWARD(gemm_fp32_backward_64, 64, 128, 3, SHARED_MEMORY(64, 8), Small)
