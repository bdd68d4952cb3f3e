// Many tensors in one launch: what updates parameters would otherwise be a launch for each. The list
// is a parameter of the kernel, of which all are 4096 bytes at most (CUDA C++ Programming Guide).
#pragma once

#include "views.cuh"

constexpr int THREADS = 256;
constexpr int MOST_TENSORS = 64;
constexpr int CHUNK = 1024;  // elements of a tensor for each block

// N matrices for each tensor: parameter and gradient, say.
template <int N>
struct TensorList {
  float* data[N][MOST_TENSORS];
  int ld[N][MOST_TENSORS];
  int columns[MOST_TENSORS];
  int size[MOST_TENSORS];
  int endBlock[MOST_TENSORS];  // blocks of this tensor and those before it
};

// Calls body(tensor, row, column) for every element of the block's chunk.
template <int N, class Body>
__device__ __forceinline__ void forChunk(const TensorList<N>& list, Body body) {
  int tensor = 0;
  while (static_cast<int>(blockIdx.x) >= list.endBlock[tensor]) tensor++;
  const int chunk = blockIdx.x - (tensor > 0 ? list.endBlock[tensor - 1] : 0);
  const int columns = list.columns[tensor];
  const int end = min(list.size[tensor], (chunk + 1) * CHUNK);
  for (int i = chunk * CHUNK + threadIdx.x; i < end; i += THREADS)
    body(tensor, i < columns ? 0 : i / columns, i < columns ? i : i % columns);
}

template <int N>
__device__ __forceinline__ float& at(const TensorList<N>& list, int which, int tensor, int row,
                                     int column) {
  return list.data[which][tensor][static_cast<size_t>(row) * list.ld[which][tensor] + column];
}
