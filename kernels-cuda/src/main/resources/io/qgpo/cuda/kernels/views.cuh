// Tensors as kernels get them. Views.java lays these structures out byte by byte.
#pragma once

// Up to 4 axes, outermost first; a stride of 0 repeats.
struct View {
  float* data;
  int stride[4];
};

struct Extents {
  int n[4];
};

// A matrix, elements of a row being adjacent.
struct Rows {
  float* data;
  int ld;
};

__device__ __forceinline__ float& at(const Rows& m, int row, int column) {
  return m.data[static_cast<size_t>(row) * m.ld + column];
}

// Where element i of the extents, in row order, lies in a view.
__device__ __forceinline__ size_t offset(const View& v, const Extents& e, unsigned i) {
  // Most often all is one axis, which needs no division.
  const unsigned last = e.n[3];
  if (i < last) return static_cast<size_t>(i) * v.stride[3];
  size_t sum = static_cast<size_t>(i % last) * v.stride[3];
  i /= last;
  sum += static_cast<size_t>(i % e.n[2]) * v.stride[2];
  i /= e.n[2];
  sum += static_cast<size_t>(i % e.n[1]) * v.stride[1];
  return sum + static_cast<size_t>(i / e.n[1]) * v.stride[0];
}

__device__ __forceinline__ float& element(const View& v, const Extents& e, unsigned i) {
  return v.data[offset(v, e, i)];
}

// Calls body(i) for all i below n, of which each thread of the grid takes every so many.
template <class Body>
__device__ __forceinline__ void forEach(unsigned n, Body body) {
  const unsigned step = gridDim.x * blockDim.x;
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += step) body(i);
}

// The larger; NaN if either is.
__device__ __forceinline__ float larger(float a, float b) { return a != a || a > b ? a : b; }
