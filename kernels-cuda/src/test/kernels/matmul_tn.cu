// qgpo: rows 4, threads 128
extern "C" __global__ void matmul_tn(const float* a, int ldA, const float* b, int ldB,
                                     const float* residual, int ldResidual, float* y, int ldY,
                                     int rows, int columns, int inner) {
  for (int i = threadIdx.x; i < 4 * columns; i += blockDim.x) {
    const int row = blockIdx.x * 4 + i / columns;
    const int column = i % columns;
    if (row >= rows) continue;
    float sum = residual == nullptr ? 0.0f : residual[row * ldResidual + column];
    for (int k = 0; k < inner; k++) sum += a[k * ldA + row] * b[k * ldB + column];
    y[row * ldY + column] = sum;
  }
}
