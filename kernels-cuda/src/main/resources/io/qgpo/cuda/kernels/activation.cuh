// Activations of a linear layer and their derivatives, as io.qgpo.tensor.Activation numbers them.
#pragma once

enum Activation { IDENTITY = 0, RELU = 1, SILU = 2 };

__device__ __forceinline__ float sigmoid(float z) { return __fdividef(1.0f, 1.0f + expf(-z)); }

// NaN stays NaN.
__device__ __forceinline__ float activate(int activation, float z) {
  if (activation == SILU) return z * sigmoid(z);
  if (activation == RELU) return z < 0.0f ? 0.0f : z;
  return z;
}

__device__ __forceinline__ float activationSlope(int activation, float z) {
  if (activation == SILU) {
    const float s = sigmoid(z);
    return s * (1.0f + z * (1.0f - s));
  }
  if (activation == RELU) return z > 0.0f ? 1.0f : 0.0f;
  return 1.0f;
}
