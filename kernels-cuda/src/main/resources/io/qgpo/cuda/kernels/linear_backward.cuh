// The products of a linear layer's backward pass in one launch: gradWeight = gradZ^T x (TN) with the
// column sums of gradZ, and gradX = gradZ weight (NN). By itself neither fills a GPU if the layer is
// narrow.
//
// Reference: Backend.linearGradProducts.
// Shapes:    gradZ rows x out, x and gradX rows x in, weight and gradWeight out x in, of any leading
//            dimension; gradBias out, or null. addX and addWeight are added to the products; null for
//            nothing, may be what is written. partials: splits x out x in, then splits x out; null for
//            one split.
//            Several layers have their matrices behind each other, rowsOfX rows of x apart: 0 if they
//            share it; partials, too.
// Launch:    tiles of gradWeight x splits blocks, then tiles of gradX, or none if that is not wanted; z:
//            layers. Each split sums rowsPerSplit rows, a multiple of both kernels' slices.
// Bytes:     4 (rows in + rows out + out in), and 4 (rows in + out in) more with gradX, at best.
// FLOP:      2 rows in out for gradWeight, the same for gradX, rows out for gradBias.
#pragma once

#include "layers.cuh"
#include "tiles.cuh"

// A matrix of a layer.
struct Matrix {
  const float* base;
  int ld;
};

// Product<TransA, TransB>::compute is the matrix product of one part.
template <int Tile, int Threads, template <bool, bool> class Product>
__device__ __forceinline__ void linearBackward(float* shared, Matrix gradZ, Matrix x, Matrix weight,
                                               const Epilogue& gradX, const Epilogue& gradWeight,
                                               float* gradBias, float* partials, int splits,
                                               int rowsPerSplit) {
  const int rows = gradX.rows;
  const int in = gradWeight.columns;
  const int out = gradWeight.rows;
  const int across = (in + Tile - 1) / Tile;
  const int tiles = across * ((out + Tile - 1) / Tile);
  const int block = blockIdx.x;
  if (block >= tiles * splits) {
    const int tile = block - tiles * splits;
    const Part part{tile / across * Tile, tile % across * Tile, 0, out};
    Product<false, false>::compute(shared, gradZ.base, gradZ.ld, weight.base, weight.ld, part, gradX,
                                    nullptr);
    return;
  }
  const int tile = block % tiles;
  const int split = block / tiles;
  const int begin = split * rowsPerSplit;
  const Part part{tile / across * Tile, tile % across * Tile, begin, min(rows, begin + rowsPerSplit)};
  // The tiles of the first column see all of gradZ.
  float* const ofColumns = part.column0 == 0 ? gradBias : nullptr;
  if (splits == 1) {
    Product<true, false>::compute(shared, gradZ.base, gradZ.ld, x.base, x.ld, part, gradWeight,
                                   ofColumns);
    return;
  }
  const size_t size = static_cast<size_t>(out) * in;
  float* const biasPartials = partials + splits * size;
  const Epilogue store = makeEpilogue(partials + split * size, in, nullptr, IDENTITY, nullptr, 0,
                                      nullptr, 0, out, in);
  Product<true, false>::compute(shared, gradZ.base, gradZ.ld, x.base, x.ld, part, store,
                                 ofColumns == nullptr ? nullptr : biasPartials + split * out);
  const int slot = static_cast<int>(blockIdx.z) * tiles + tile;
  addSplits<Tile, Threads>(partials, biasPartials, slot, split, splits, part.row0, part.column0,
                           gradWeight, ofColumns);
}

#define LINEAR_BACKWARD(name, tile, threads, blocks, sharedMemory, product)                         \
  extern "C" __global__ void __launch_bounds__(threads, blocks)                                     \
      name(const float* gradZ, int ldGradZ, const float* x, int ldX, const float* weight,           \
           int ldWeight, float* gradX, int ldGradX, const float* addX, int ldAddX,                  \
           float* gradWeight, int ldGradWeight, const float* addWeight, int ldAddWeight,            \
           float* gradBias, float* partials, int rows, int in, int out, int splits,                 \
           int rowsPerSplit, int rowsOfX) {                                                         \
    sharedMemory;                                                                                   \
    linearBackward<tile, threads, product>(                                                         \
        shared, Matrix{behind(gradZ, ldGradZ, rows), ldGradZ},                                      \
        Matrix{behind(x, ldX, rowsOfX), ldX}, Matrix{behind(weight, ldWeight, out), ldWeight},      \
        makeEpilogue(behind(gradX, ldGradX, rows), ldGradX, nullptr, IDENTITY,                      \
                     behind(addX, ldAddX, rows), ldAddX, nullptr, 0, rows, in),                     \
        makeEpilogue(behind(gradWeight, ldGradWeight, out), ldGradWeight, nullptr, IDENTITY,        \
                     behind(addWeight, ldAddWeight, out), ldAddWeight, nullptr, 0, out, in),        \
        behind(gradBias, out, 1), behind(partials, (in + 1) * out, splits), splits, rowsPerSplit);  \
  }
