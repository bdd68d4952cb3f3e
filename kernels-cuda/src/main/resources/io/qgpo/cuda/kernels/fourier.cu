// Gaussian Fourier features of time: out[r] = [sin(2 pi t[r] w), cos(2 pi t[r] w)].
//
// Reference: ScalarBackend.fourierFeatures.
// Shapes:    t rows x 1, w n elements, out rows x 2n; of any leading dimension.
// Launch:    256 threads, a sine and a cosine each at a time; a grid-stride loop.
// Bytes:     8 rows n.
// FLOP:      about 25 rows n.
#include "views.cuh"

extern "C" __global__ void __launch_bounds__(256)
    fourier_features(Rows t, const float* w, Rows out, int n, unsigned size) {
  forEach(size, [&](unsigned i) {
    const int row = i / n;
    const int column = i % n;
    // Whole turns are taken off the exact product: of many turns a float has few digits left.
    const float time = at(t, row, 0);
    const float turns = time * w[column];
    const float lost = fmaf(time, w[column], -turns);
    const float halfTurns = 2.0f * (turns - rintf(turns) + lost);
    at(out, row, column) = sinpif(halfTurns);
    at(out, row, n + column) = cospif(halfTurns);
  });
}
