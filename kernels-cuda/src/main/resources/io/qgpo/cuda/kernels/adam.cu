// One step of Adam with decoupled weight decay over all parameters.
//
// Reference: ScalarBackend.adam (Kingma and Ba 2015; Loshchilov and Hutter 2019).
// Shapes:    list: parameters, gradients, m, v of up to 64 tensors, of any leading dimension;
//            scalars: rate, 1 - beta1^step, 1 - beta2^step, gradientScale.
// Launch:    256 threads; a block for each 1024 elements of a tensor.
// Bytes:     28 per parameter: four reads and three writes.
// FLOP:      about 15 per parameter.
#include "tensor_list.cuh"

// The averages are written as steps towards the new value: beta2 = 0.999 rounded to a float is 5e-5
// of 1 - beta2 off, and the average would settle that far from the truth.
extern "C" __global__ void __launch_bounds__(THREADS)
    adam(const TensorList<4> list, const float* scalars, float rest1, float rest2, float epsilon,
         float weightDecay) {
  const float rate = scalars[0];
  const float correction1 = scalars[1];
  const float correction2 = scalars[2];
  const float scale = scalars[3];
  forChunk(list, [&](int tensor, int row, int column) {
    float& p = at(list, 0, tensor, row, column);
    float& m = at(list, 2, tensor, row, column);
    float& v = at(list, 3, tensor, row, column);
    const float gradient = at(list, 1, tensor, row, column) * scale;
    const float first = fmaf(rest1, gradient - m, m);
    const float second = fmaf(rest2 * gradient, gradient, fmaf(-rest2, v, v));
    m = first;
    v = second;
    const float kept = fmaf(-rate * weightDecay, p, p);
    p = kept - rate * (first / correction1) / (sqrtf(second / correction2) + epsilon);
  });
}
