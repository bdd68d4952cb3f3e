// out[c, r] = in[r, c], through tiles in shared memory so that reads and writes are both adjacent.
//
// Reference: ScalarBackend.transpose.
// Shapes:    in rows x columns, out columns x rows, of any leading dimension; elements of 4 bytes.
// Launch:    grid (columns / 32, rows / 32), rounded up; 256 threads, 8 rows of the tile at a time.
// Bytes:     8 rows columns.
// FLOP:      0.
#include "views.cuh"

constexpr int TILE = 32;
constexpr int ROWS_AT_ONCE = 8;

extern "C" __global__ void __launch_bounds__(256)
    transpose(Rows in, Rows out, int rows, int columns) {
  __shared__ float tile[TILE][TILE + 1];  // one more: a column's elements lie in different banks
  const int x = threadIdx.x % TILE;
  const int y = threadIdx.x / TILE;
  const int row0 = blockIdx.y * TILE;
  const int column0 = blockIdx.x * TILE;
  for (int i = y; i < TILE; i += ROWS_AT_ONCE)
    if (row0 + i < rows && column0 + x < columns) tile[i][x] = at(in, row0 + i, column0 + x);
  __syncthreads();
  for (int i = y; i < TILE; i += ROWS_AT_ONCE)
    if (column0 + i < columns && row0 + x < rows) at(out, column0 + i, row0 + x) = tile[x][i];
}
