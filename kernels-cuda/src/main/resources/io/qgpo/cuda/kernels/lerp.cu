// targets += weight (sources - targets): Polyak averaging and EMA over all tensors of a network.
//
// Reference: ScalarBackend.lerp.
// Shapes:    list: targets and sources of up to 64 tensors, of any leading dimension.
// Launch:    256 threads; a block for each 1024 elements of a tensor.
// Bytes:     12 per element.
// FLOP:      3 per element.
#include "tensor_list.cuh"

extern "C" __global__ void __launch_bounds__(THREADS)
    lerp(const TensorList<2> list, float weight) {
  forChunk(list, [&](int tensor, int row, int column) {
    float& target = at(list, 0, tensor, row, column);
    target = fmaf(weight, at(list, 1, tensor, row, column) - target, target);
  });
}
