// What is behind the product in a linear layer, where the product is a library's (cuBLAS):
//   z = product + bias; pre = z; out = activation(z) + residual.
//
// Reference: ScalarBackend.linear, behind its product.
// Shapes:    product, residual, pre, out rows x columns, of any leading dimension; bias columns. bias,
//            residual and pre may be null; product may be pre or out, residual out if product is not.
// Launch:    grid (columns / 128, rows / 8, at most 65535 of these), rounded up; 256 threads, 8 rows of
//            128 columns at a time.
// Bytes:     4 rows columns of product and of each of residual, pre and out.
// FLOP:      about 6 rows columns.
#include "epilogue.cuh"

constexpr int ROWS_AT_ONCE = 8;
constexpr int COLUMNS = 128;

extern "C" __global__ void __launch_bounds__(256)
    finish_product(const float* product, int ldProduct, float* out, int ldOut, const float* bias,
                   int activation, const float* residual, int ldResidual, float* pre, int ldPre,
                   int rows, int columns) {
  const int column = blockIdx.x * COLUMNS + threadIdx.x % 32 * 4;
  if (column >= columns) return;
  const Epilogue e = makeEpilogue(out, ldOut, bias, activation, residual, ldResidual, pre, ldPre,
                                  rows, columns);
  const bool whole = onSixteenBytes(product, ldProduct) && column + 4 <= columns;
  for (int row = blockIdx.y * ROWS_AT_ONCE + threadIdx.x / 32; row < rows;
       row += gridDim.y * ROWS_AT_ONCE) {
    const float* const from = product + static_cast<size_t>(row) * ldProduct + column;
    float v[4] = {};
    if (whole) {
      loadVector(v, from);
    } else {
#pragma unroll
      for (int j = 0; j < 4; j++)
        if (column + j < columns) v[j] = from[j];
    }
    finish(e, v, row, column);
  }
}
