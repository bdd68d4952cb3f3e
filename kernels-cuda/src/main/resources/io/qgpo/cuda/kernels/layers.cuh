// Layers of equal shape in one launch: blockIdx.z is the layer.
#pragma once

// The matrix of a block's layer, where those of all layers, of `rows` rows each, lie behind each other.
template <class T>
__device__ __forceinline__ T* behind(T* base, int ld, int rows) {
  return base == nullptr ? nullptr : base + static_cast<size_t>(blockIdx.z) * rows * ld;
}
