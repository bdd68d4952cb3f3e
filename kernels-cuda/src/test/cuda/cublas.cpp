// A stand-in for cuBLAS on the emulator's driver: those functions that Cublas.java calls, with the checks
// of arguments that cuBLAS makes. Products are sums in double, in the order of the inner index.
#include <cstdint>
#include <cstring>

extern "C" int emulator_handle(int made);
extern "C" int emulator_submit(void* stream, const char* name, void (*action)(const void*),
                               const void* arguments, size_t bytes);

namespace {

enum Status { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13 };
enum Operation { N = 0, T = 1 };
constexpr int TF32_TENSOR_OP_MATH = 3;

struct Handle {
  void* stream;
  bool roundsToTf32, hasWorkspace;
};

// Elements of a column are adjacent.
struct Matrix {
  const float* data;
  int ld;
  bool transposed;
  float at(int row, int column) const {
    return transposed ? data[column + size_t(row) * ld] : data[row + size_t(column) * ld];
  }
};

struct Product {
  Matrix a, b;
  float* c;
  int ldc, rows, columns, inner;
  float alpha, beta;
  bool roundsToTf32;
};

float rounded(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, 4);
  if ((bits & 0x7f800000u) == 0x7f800000u) return x;  // not finite
  bits = (bits + 0x1000u) & 0xffffe000u;
  std::memcpy(&x, &bits, 4);
  return x;
}

void compute(const void* arguments) {
  const auto& p = *static_cast<const Product*>(arguments);
  for (int column = 0; column < p.columns; column++) {
    for (int row = 0; row < p.rows; row++) {
      double sum = 0;
      for (int i = 0; i < p.inner; i++) {
        const float a = p.a.at(row, i), b = p.b.at(i, column);
        sum += p.roundsToTf32 ? double(rounded(a)) * rounded(b) : double(a) * b;
      }
      float& c = p.c[row + size_t(column) * p.ldc];
      const float product = static_cast<float>(p.alpha * sum);
      c = p.beta == 0 ? product : product + p.beta * c;
    }
  }
}

}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

API cublasCreate_v2(Handle** handle) {
  *handle = new Handle{};
  return emulator_handle(1);
}
API cublasDestroy_v2(Handle* handle) {
  if (handle == nullptr) return NOT_INITIALIZED;
  delete handle;
  return emulator_handle(-1);
}
API cublasGetVersion_v2(Handle*, int* version) {
  *version = VERSION;
  return SUCCESS;
}
API cublasSetStream_v2(Handle* handle, void* stream) {
  handle->stream = stream;
  handle->hasWorkspace = false;
  return SUCCESS;
}
API cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t) {
  if (reinterpret_cast<uintptr_t>(workspace) % 256 != 0) return INVALID_VALUE;
  handle->hasWorkspace = true;
  return SUCCESS;
}
API cublasSetMathMode(Handle* handle, int mode) {
  handle->roundsToTf32 = mode == TF32_TENSOR_OP_MATH;
  return SUCCESS;
}
// Without memory of the caller's cuBLAS would take its own, which a recording does not allow.
API cublasSgemm_v2(Handle* handle, int opA, int opB, int m, int n, int k, const float* alpha,
                   const float* a, int lda, const float* b, int ldb, const float* beta, float* c,
                   int ldc) {
  if (handle == nullptr || !handle->hasWorkspace) return NOT_INITIALIZED;
  if (m < 0 || n < 0 || k < 0 || lda < (opA == N ? m : k) || ldb < (opB == N ? k : n) || ldc < m ||
      lda < 1 || ldb < 1 || ldc < 1)
    return INVALID_VALUE;
  const Product product{{a, lda, opA == T}, {b, ldb, opB == T}, c,     ldc,  m, n, k, *alpha,
                        *beta,              handle->roundsToTf32};
  const int result =
      emulator_submit(handle->stream, "cublasSgemm", compute, &product, sizeof product);
  return result == 0 ? SUCCESS : EXECUTION_FAILED;
}
