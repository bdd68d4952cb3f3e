// Noises data to times of a variance-preserving schedule: out = alpha x + sigma noise with
// ln alpha = quadratic t^2 + linear t, sigma^2 = 1 - alpha^2.
//
// Reference: ScalarBackend.perturb.
// Shapes:    x, noise, out rows x columns, t rows / rowsOfTime x 1; of any leading dimension. size is
//            rows columns. out may be x or noise.
// Launch:    256 threads, one element each at a time; a grid-stride loop.
// Bytes:     12 rows columns + 4 rows / rowsOfTime.
// FLOP:      about 30 rows columns: an exponential and a root for each element, which is less than
//            another launch would cost.
#include "views.cuh"

extern "C" __global__ void __launch_bounds__(256)
    perturb(Rows x, Rows t, Rows noise, float quadratic, float linear, Rows out, int columns,
            int rowsOfTime, unsigned size) {
  forEach(size, [&](unsigned i) {
    const int row = i / columns;
    const int column = i % columns;
    const float time = at(t, row / rowsOfTime, 0);
    const float logAlpha = time * fmaf(quadratic, time, linear);
    const float sigma = sqrtf(-expm1f(2.0f * logAlpha));
    at(out, row, column) = expf(logAlpha) * at(x, row, column) + sigma * at(noise, row, column);
  });
}
