// How the blocks of a matrix product share it: each sums a part of the inner extent for a tile of the
// result. Where the extent is split, the parts of a tile are added up in the same launch, always in the
// same order, so that the sum has the same bits every time.
#pragma once

#include "device.cuh"
#include "epilogue.cuh"
#include "last_block.cuh"

// What a block computes.
struct Part {
  int row0, column0;  // where its tile begins
  int begin, end;     // of the inner extent
};

constexpr int GROUP = 8;          // parts that one block adds up: with more, the others have long ended
constexpr int MOST_PARTS = 256;   // of products that are split, over the tiles of all layers: see GemmPlan.java

__device__ unsigned finishedInGroup[MOST_PARTS];
__device__ unsigned finishedGroups[MOST_PARTS];

// Adds up `count` matrices of e.rows x e.columns within a tile. They begin `apart` elements from each
// other; e's bias, activation and pre are left out.
template <int Tile, int Threads>
__device__ __forceinline__ void addTiles(const float* parts, int count, size_t apart, int row0,
                                         int column0, const Epilogue& e) {
  const bool aligned = e.aligned && onSixteenBytes(parts, e.columns) && (apart & 3) == 0;
#pragma unroll 1
  for (int i = threadIdx.x; i < Tile * Tile / 4; i += Threads) {
    const int row = row0 + i / (Tile / 4);
    const int column = column0 + i % (Tile / 4) * 4;
    if (row >= e.rows || column >= e.columns) continue;
    const float* from = parts + static_cast<size_t>(row) * e.columns + column;
    const size_t at = static_cast<size_t>(row) * e.ldOut + column;
    const size_t atResidual = static_cast<size_t>(row) * e.ldResidual + column;
    if (aligned && e.columns - column >= 4) {
      float sum[4] = {};
#pragma unroll 8
      for (int part = 0; part < count; part++) {
        float v[4];
        loadVectorPastL1(v, from + part * apart);
#pragma unroll
        for (int j = 0; j < 4; j++) sum[j] += v[j];
      }
      if (e.residual != nullptr) {
        float skip[4];
        loadVector(skip, e.residual + atResidual);
#pragma unroll
        for (int j = 0; j < 4; j++) sum[j] += skip[j];
      }
      storeVector(e.out + at, sum);
    } else {
      for (int j = 0; j < min(4, e.columns - column); j++) {
        float sum = 0.0f;
#pragma unroll 8
        for (int part = 0; part < count; part++) sum += __ldcg(from + part * apart + j);
        e.out[at + j] = e.residual == nullptr ? sum : sum + e.residual[atResidual + j];
      }
    }
  }
}

// The same for numbers of the tile's rows, where they are wanted.
template <int Tile>
__device__ __forceinline__ void addRows(const float* parts, int count, size_t apart, int row0, int rows,
                                        float* out) {
  const int row = row0 + static_cast<int>(threadIdx.x);
  if (out == nullptr || threadIdx.x >= Tile || row >= rows) return;
  float sum = 0.0f;
#pragma unroll 8
  for (int part = 0; part < count; part++) sum += __ldcg(parts + part * apart + row);
  out[row] = sum;
}

// Adds up the parts that the blocks of a tile have stored: the last block of each group its group's, the
// last of those the groups'. All blocks of the product call it, each when its part is stored.
//
// slot: the number of the tile among those of all layers of the launch.
// partials: splits x rows x columns; rowPartials: splits x rows, not read without ofRows.
// Both are lost.
template <int Tile, int Threads>
__device__ __forceinline__ void addSplits(float* partials, float* rowPartials, int slot, int split,
                                          int splits, int row0, int column0, const Epilogue& out,
                                          float* ofRows) {
  const size_t size = static_cast<size_t>(out.rows) * out.columns;
  const int groups = (splits + GROUP - 1) / GROUP;
  const int group = split / GROUP;
  const int inGroup = min(GROUP, splits - group * GROUP);
  float* const first = partials + group * GROUP * size;
  float* const firstRows = rowPartials + group * GROUP * out.rows;
  if (!isLastBlock(finishedInGroup + slot * groups + group, inGroup)) return;
  if (groups == 1) {
    addTiles<Tile, Threads>(first, inGroup, size, row0, column0, out);
    addRows<Tile>(firstRows, inGroup, out.rows, row0, out.rows, ofRows);
    return;
  }
  const Epilogue store = makeEpilogue(first, out.columns, nullptr, IDENTITY, nullptr, 0, nullptr, 0,
                                      out.rows, out.columns);
  addTiles<Tile, Threads>(first, inGroup, size, row0, column0, store);
  addRows<Tile>(firstRows, inGroup, out.rows, row0, out.rows, ofRows == nullptr ? nullptr : firstRows);
  if (!isLastBlock(finishedGroups + slot, groups)) return;
  addTiles<Tile, Threads>(partials, groups, GROUP * size, row0, column0, out);
  addRows<Tile>(rowPartials, groups, static_cast<size_t>(GROUP) * out.rows, row0, out.rows, ofRows);
}
