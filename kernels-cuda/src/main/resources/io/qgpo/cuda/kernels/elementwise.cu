// Functions of elements, with broadcasting.
//
// Reference: ScalarBackend.fill, copy, unary, unaryGrad, binary, affine, addScaled, clamp, clampGrad.
// Shapes:    all views over the same extents, of any strides; an input's stride of 0 repeats it. An
//            output may be an input. Where all lie without gaps the host passes one axis.
// Launch:    256 threads; a grid-stride loop, so any number of blocks.
// Bytes:     4 per element and view.
// FLOP:      1 to 40 per element.
#include "views.cuh"

// As io.qgpo.tensor.UnaryOp and BinaryOp number them.
enum UnaryOp { NEG, EXP, LOG, SQRT, SQUARE, ABS, RECIPROCAL, SIN, COS, TANH, SIGMOID, RELU, SILU };
enum BinaryOp { ADD, SUB, MUL, DIV, MIN, MAX, LESS };

__device__ __forceinline__ float logistic(float x) { return 1.0f / (1.0f + expf(-x)); }

__device__ float value(int op, float x) {
  switch (op) {
    case NEG: return -x;
    case EXP: return expf(x);
    case LOG: return logf(x);
    case SQRT: return sqrtf(x);
    case SQUARE: return x * x;
    case ABS: return fabsf(x);
    case RECIPROCAL: return 1.0f / x;
    case SIN: return sinf(x);
    case COS: return cosf(x);
    case TANH: return tanhf(x);
    case SIGMOID: return logistic(x);
    case RELU: return x <= 0.0f ? 0.0f : x;  // NaN stays NaN
    default: return x * logistic(x);
  }
}

// g times the derivative at x, given y = value(x): in an order that does not overflow where the result
// does not.
__device__ float gradient(int op, float x, float y, float g) {
  switch (op) {
    case NEG: return -g;
    case EXP: return g * y;
    case LOG: return g / x;
    case SQRT: return 0.5f * g / y;
    case SQUARE: return 2.0f * g * x;
    case ABS: return g * (x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x);
    case RECIPROCAL: return -(g * y) * y;
    case SIN: return g * cosf(x);
    case COS: return g * -sinf(x);
    case TANH: return g * fmaf(-y, y, 1.0f);  // y * y rounded is all there is where y is near 1
    case SIGMOID: return g * (y * (1.0f - y));
    case RELU: return g * (x > 0.0f ? 1.0f : 0.0f);
    default: {
      const float s = logistic(x);
      return g * (s * (1.0f + x * (1.0f - s)));
    }
  }
}

__device__ __forceinline__ float value(int op, float a, float b) {
  switch (op) {
    case ADD: return a + b;
    case SUB: return a - b;
    case MUL: return a * b;
    case DIV: return a / b;
    case MIN: return -larger(-a, -b);
    case MAX: return larger(a, b);
    default: return a < b ? 1.0f : 0.0f;
  }
}

// The bits of a float or of an int.
extern "C" __global__ void __launch_bounds__(256)
    fill(unsigned bits, View out, Extents e, unsigned n) {
  unsigned* const data = reinterpret_cast<unsigned*>(out.data);
  forEach(n, [&](unsigned i) { data[offset(out, e, i)] = bits; });
}

extern "C" __global__ void __launch_bounds__(256) copy(View in, View out, Extents e, unsigned n) {
  forEach(n, [&](unsigned i) { element(out, e, i) = element(in, e, i); });
}

extern "C" __global__ void __launch_bounds__(256)
    unary(int op, View in, View out, Extents e, unsigned n) {
  forEach(n, [&](unsigned i) { element(out, e, i) = value(op, element(in, e, i)); });
}

extern "C" __global__ void __launch_bounds__(256)
    unary_grad(int op, View x, View y, View gradOut, View gradIn, Extents e, unsigned n) {
  forEach(n, [&](unsigned i) {
    element(gradIn, e, i) =
        gradient(op, element(x, e, i), element(y, e, i), element(gradOut, e, i));
  });
}

extern "C" __global__ void __launch_bounds__(256)
    binary(int op, View a, View b, View out, Extents e, unsigned n) {
  forEach(n, [&](unsigned i) {
    element(out, e, i) = value(op, element(a, e, i), element(b, e, i));
  });
}

extern "C" __global__ void __launch_bounds__(256)
    affine(float scale, float shift, View in, View out, Extents e, unsigned n) {
  forEach(n, [&](unsigned i) { element(out, e, i) = fmaf(scale, element(in, e, i), shift); });
}

extern "C" __global__ void __launch_bounds__(256)
    add_scaled(float alpha, float beta, View a, View b, View out, Extents e, unsigned n) {
  forEach(n, [&](unsigned i) {
    element(out, e, i) = fmaf(alpha, element(a, e, i), beta * element(b, e, i));
  });
}

extern "C" __global__ void __launch_bounds__(256)
    clamp(float low, float high, View in, View out, Extents e, unsigned n) {
  forEach(n, [&](unsigned i) {
    const float x = element(in, e, i);
    element(out, e, i) = x < low ? low : x > high ? high : x;
  });
}

extern "C" __global__ void __launch_bounds__(256)
    clamp_grad(float low, float high, View in, View gradOut, View gradIn, Extents e, unsigned n) {
  forEach(n, [&](unsigned i) {
    const float x = element(in, e, i);
    element(gradIn, e, i) = x >= low && x <= high ? element(gradOut, e, i) : 0.0f;
  });
}
