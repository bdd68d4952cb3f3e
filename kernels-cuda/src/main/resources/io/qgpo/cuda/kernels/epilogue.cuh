// What becomes of each product of a matrix product before it is stored:
//   z = product + bias; pre = z; out = activation(z) + residual.
// bias, residual and pre may be null. `residual` may be `out`, which accumulates.
#pragma once

#include "activation.cuh"
#include "device.cuh"

struct Epilogue {
  float* out;
  const float* bias;
  const float* residual;
  float* pre;
  int ldOut, ldResidual, ldPre;  // leading dimensions, in elements
  int activation;
  int rows, columns;
  bool aligned;  // groups of 4 from a column that is a multiple of 4 lie on 16 bytes, in all matrices
};

__device__ __forceinline__ bool onSixteenBytes(const void* pointer, int ld) {
  return (reinterpret_cast<size_t>(pointer) & 15) == 0 && (ld & 3) == 0;
}

__device__ __forceinline__ Epilogue makeEpilogue(float* out, int ldOut, const float* bias,
                                                 int activation, const float* residual,
                                                 int ldResidual, float* pre, int ldPre, int rows,
                                                 int columns) {
  const bool aligned = onSixteenBytes(out, ldOut) &&
                       (residual == nullptr || onSixteenBytes(residual, ldResidual)) &&
                       (pre == nullptr || onSixteenBytes(pre, ldPre));
  return Epilogue{out,   bias,       residual, pre,     ldOut,  ldResidual,
                  ldPre, activation, rows,     columns, aligned};
}

// Finishes the products v of a row from a column on that is a multiple of 4.
__device__ __forceinline__ void finish(const Epilogue& e, float (&v)[4], int row, int column) {
  const int valid = min(4, e.columns - column);
  const size_t at = static_cast<size_t>(row) * e.ldOut + column;
  const size_t atResidual = static_cast<size_t>(row) * e.ldResidual + column;
  const size_t atPre = static_cast<size_t>(row) * e.ldPre + column;
  const bool whole = e.aligned && valid == 4;
  float skip[4] = {};
  if (e.residual != nullptr && whole) loadVector(skip, e.residual + atResidual);
#pragma unroll
  for (int j = 0; j < 4; j++) {
    if (e.bias != nullptr && j < valid) v[j] += e.bias[column + j];
    if (e.residual != nullptr && !whole && j < valid) skip[j] = e.residual[atResidual + j];
    if (e.pre != nullptr && !whole && j < valid) e.pre[atPre + j] = v[j];
  }
  if (e.pre != nullptr && whole) storeVector(e.pre + atPre, v);
#pragma unroll
  for (int j = 0; j < 4; j++) {
    v[j] = activate(e.activation, v[j]) + skip[j];
    if (!whole && j < valid) e.out[at + j] = v[j];
  }
  if (whole) storeVector(e.out + at, v);
}

// Finishes one product.
__device__ __forceinline__ void finishOne(const Epilogue& e, float v, int row, int column) {
  const float skip =
      e.residual == nullptr ? 0.0f : e.residual[static_cast<size_t>(row) * e.ldResidual + column];
  if (e.bias != nullptr) v += e.bias[column];
  if (e.pre != nullptr) e.pre[static_cast<size_t>(row) * e.ldPre + column] = v;
  e.out[static_cast<size_t>(row) * e.ldOut + column] = activate(e.activation, v) + skip;
}

// Finishes a tile whose products lie in shared memory, Rows x Columns with rows Stride apart: first
// there, because adjacent threads then store adjacent elements, and because this code, once in a
// loop, would otherwise stand in the kernel for each of a thread's sums.
template <int Rows, int Columns, int Stride, int Threads>
__device__ __forceinline__ void finishTile(const Epilogue& e, const float* products, int row0,
                                           int column0) {
#pragma unroll 1
  for (int i = threadIdx.x; i < Rows * Columns / 4; i += Threads) {
    const int row = row0 + i / (Columns / 4);
    const int column = column0 + i % (Columns / 4) * 4;
    if (row >= e.rows || column >= e.columns) continue;
    float v[4];
    loadVector(v, products + i / (Columns / 4) * Stride + i % (Columns / 4) * 4);
    finish(e, v, row, column);
  }
}
