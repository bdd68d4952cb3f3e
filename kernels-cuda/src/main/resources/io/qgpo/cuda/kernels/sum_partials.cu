// Adds up partial results in their order, so that the sum has the same bits every time: the second
// pass of a split matrix product.
//
// Reference: out[r,c] = sum_p partials[p,r,c] + residual[r,c] in a plain loop.
// Shapes:    partials parts x rows x columns, adjacent; out and residual rows x columns, of any
//            leading dimension; residual may be null, or out.
// Launch:    256 threads; a grid-stride loop, so any number of blocks.
// Bytes:     4 rows columns (parts + 1), and 4 rows columns for the residual.
// FLOP:      rows columns parts.
extern "C" __global__ void __launch_bounds__(256)
    sum_partials(const float* partials, int parts, int rows, int columns, float* out, int ldOut,
                 const float* residual, int ldResidual) {
  const size_t size = static_cast<size_t>(rows) * columns;
  const size_t step = static_cast<size_t>(gridDim.x) * blockDim.x;
  for (size_t i = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < size; i += step) {
    float sum = 0.0f;
#pragma unroll 4
    for (int part = 0; part < parts; part++) sum += partials[part * size + i];
    const size_t row = i / columns;
    const size_t column = i % columns;
    if (residual != nullptr) sum += residual[row * ldResidual + column];
    out[row * ldOut + column] = sum;
  }
}
