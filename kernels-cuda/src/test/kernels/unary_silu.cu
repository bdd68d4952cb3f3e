// qgpo: elements 256, threads 256
extern "C" __global__ void unary_silu(const float* x, int ldX, float* y, int ldY, int rows, int columns) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * columns) return;
  const float value = x[i / columns * ldX + i % columns];
  y[i / columns * ldY + i % columns] = value / (1.0f + expf(-value));
}
