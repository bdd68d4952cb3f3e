// Rows by index: gathered, and added to in the order of the indices.
//
// Reference: ScalarBackend.gatherRows, scatterAddRows; but an index that is no row, which the host
//            cannot see, gathers NaN (of an int32 table the largest number) and is not added.
// Shapes:    gather: source sourceRows x columns, out n x columns. scatter_add: in n x columns, out
//            outRows x columns. indices: n, indexColumns to a row, rows ldIndices apart. Elements
//            are of 4 bytes.
// Launch:    256 threads. gather: a grid-stride loop. scatter_add: a thread for each column, which
//            takes the indices one after the other: the order is then that of the oracle, and no
//            two threads add to one element. It is the gradient of a gather, which no step of QGPO
//            needs.
// Bytes:     8 n columns + 4 n; scatter_add 12 n columns + 4 n.
// FLOP:      0; scatter_add n columns.
#include "views.cuh"

struct Indices {
  const int* data;
  int columns, ld;
};

__device__ __forceinline__ int at(const Indices& x, unsigned i) {
  return x.data[static_cast<size_t>(i / x.columns) * x.ld + i % x.columns];
}

extern "C" __global__ void __launch_bounds__(256)
    gather_rows(Rows source, int sourceRows, Indices indices, Rows out, int columns, unsigned n) {
  forEach(n, [&](unsigned i) {
    const int to = i / columns;
    const int column = i % columns;
    const int row = at(indices, to);
    unsigned& target = reinterpret_cast<unsigned&>(at(out, to, column));
    target = row >= 0 && row < sourceRows
                 ? reinterpret_cast<const unsigned&>(at(source, row, column))
                 : 0x7fffffffu;
  });
}

extern "C" __global__ void __launch_bounds__(256)
    scatter_add_rows(Rows in, Indices indices, int n, Rows out, int outRows, int columns) {
  forEach(columns, [&](unsigned column) {
    for (int i = 0; i < n; i++) {
      const int row = at(indices, i);
      if (row >= 0 && row < outRows) at(out, row, column) += at(in, i, column);
    }
  });
}
