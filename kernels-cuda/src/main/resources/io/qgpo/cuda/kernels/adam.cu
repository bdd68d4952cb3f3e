// One step of Adam with decoupled weight decay over all parameters, which lie in one flat buffer.
//
// Reference: ScalarBackend.adam (Kingma and Ba 2015; Loshchilov and Hutter 2019).
// Shapes:    p, g, m, v: n; scalars: rate, 1 - beta1^step, 1 - beta2^step, gradientScale. All
//            pointers are multiples of 16.
// Launch:    256 threads, 4 parameters each; a grid-stride loop, so any number of blocks.
// Bytes:     28 n: four reads and three writes.
// FLOP:      about 15 n.
#include "device.cuh"

extern "C" __global__ void __launch_bounds__(256)
    adam(float* p, const float* g, float* m, float* v, const float* scalars, float beta1,
         float beta2, float complement1, float complement2, float epsilon, float weightDecay, int n) {
  const float rate = scalars[0];
  const float correction1 = scalars[1];
  const float correction2 = scalars[2];
  const float scale = scalars[3];
  const int step = gridDim.x * blockDim.x * 4;
  for (int i = (blockIdx.x * blockDim.x + threadIdx.x) * 4; i < n; i += step) {
    const bool whole = i + 4 <= n;
    float value[4], grad[4], first[4], second[4];
    if (whole) {
      loadVector(value, p + i);
      loadVector(grad, g + i);
      loadVector(first, m + i);
      loadVector(second, v + i);
    } else {
#pragma unroll
      for (int j = 0; j < 4; j++) {
        const int at = min(i + j, n - 1);
        value[j] = p[at], grad[j] = g[at], first[j] = m[at], second[j] = v[at];
      }
    }
#pragma unroll
    for (int j = 0; j < 4; j++) {
      const float scaled = grad[j] * scale;
      first[j] = beta1 * first[j] + complement1 * scaled;
      second[j] = beta2 * second[j] + complement2 * scaled * scaled;
      const float root = sqrtf(second[j] / correction2) + epsilon;
      value[j] -= rate * weightDecay * value[j];
      value[j] -= rate * (first[j] / correction1) / root;
    }
    if (whole) {
      storeVector(p + i, value);
      storeVector(m + i, first);
      storeVector(v + i, second);
    } else {
#pragma unroll
      for (int j = 0; j < 4; j++) {
        if (i + j < n) p[i + j] = value[j], m[i + j] = first[j], v[i + j] = second[j];
      }
    }
  }
}
