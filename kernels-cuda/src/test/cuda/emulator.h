// CUDA C++ on a CPU, for tests: the kernels' own sources are compiled by g++ with this file included
// first. Each CUDA thread of a block is a fiber; blocks run one after the other, in several orders, on
// one OS thread.
// It finds wrong results, reads of what nobody wrote, missing waits and barriers (several orders of
// the threads must agree), barriers that not all threads reach, and accesses that are not aligned.
// It knows nothing of time, of memory order between blocks, or of reads outside an allocation other
// than by the NaN that they give.
#pragma once
#define QGPO_EMULATED

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

struct uint3 { unsigned x, y, z; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) float2 { float x, y; };

namespace emulator {

// Of the fiber that runs.
extern uint3 threadIndex, blockIndex, blockExtent, gridExtent;
extern float* dynamicShared;

void blockBarrier(const char* where);
void fail(const char* what);  // ends the launch

// cp.async: what a thread started becomes visible when it waits, and no earlier.
void startCopy(float* to, const float* from, int bytes, int valid);
void commitCopies();
void waitForCopies(int pending);
void mmaTf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);

// A kernel as the stand-in driver launches it: parameters by address.
struct Kernel {
  const char* name;
  int parameters;
  const size_t* sizes;
  void (*run)(void** parameters);
  Kernel* next;
};
extern Kernel* kernels;
struct Registered {
  Kernel kernel;
  explicit Registered(Kernel k) : kernel(k) { kernel.next = kernels, kernels = &kernel; }
};
template <class... P>
struct Signature {
  static inline const size_t sizes[] = {sizeof(P)...};
};
template <auto F> struct Launcher;
template <class... P, void (*F)(P...)>
struct Launcher<F> {
  template <size_t... I>
  static void call(void** p, std::index_sequence<I...>) { F(*static_cast<P*>(p[I])...); }
  static void run(void** p) { call(p, std::index_sequence_for<P...>{}); }
  static Kernel kernel(const char* name) {
    return {name, sizeof...(P), Signature<P...>::sizes, run, nullptr};
  }
};
template <class T>
T* aligned(T* pointer, size_t bytes) {
  if (reinterpret_cast<size_t>(pointer) % bytes != 0) fail("an access is not aligned");
  return pointer;
}

}  // namespace emulator

#define EMULATE(f) \
  static const emulator::Registered registered_##f(emulator::Launcher<f>::kernel(#f));

#define __global__
#define __device__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
// One section, which the emulator fills with NaN before each block.
#define __shared__ static __attribute__((section("emulated_shared")))
#define threadIdx (emulator::threadIndex)
#define blockIdx (emulator::blockIndex)
#define blockDim (emulator::blockExtent)
#define gridDim (emulator::gridExtent)
#define EMULATOR_TEXT(x) #x
#define EMULATOR_LINE(x) EMULATOR_TEXT(x)
#define __syncthreads() emulator::blockBarrier(__FILE__ ":" EMULATOR_LINE(__LINE__))
#define __ldg(p) (*(p))
#define __fdividef(a, b) ((a) / (b))

#define __ldcg(p) (*(p))
#define __threadfence()

static inline int min(int a, int b) { return a < b ? a : b; }
static inline unsigned atomicAdd(unsigned* at, unsigned n) { return std::exchange(*at, *at + n); }
static inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>((static_cast<unsigned long long>(a) * b) >> 32);
}
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline float sinpif(float x) { return static_cast<float>(std::sin(M_PI * x)); }
static inline float cospif(float x) { return static_cast<float>(std::cos(M_PI * x)); }

// ---- device.cuh --------------------------------------------------------------------------------

#define DYNAMIC_SHARED(name) float* const name = emulator::dynamicShared

static inline void loadVector(float (&v)[4], const float* p) {
  std::memcpy(v, emulator::aligned(p, 16), sizeof v);
}
static inline void loadVector(float (&v)[2], const float* p) {
  std::memcpy(v, emulator::aligned(p, 8), sizeof v);
}
static inline void storeVector(float* p, const float (&v)[4]) {
  std::memcpy(emulator::aligned(p, 16), v, sizeof v);
}
static inline void storeVector(float* p, const float (&v)[2]) {
  std::memcpy(emulator::aligned(p, 8), v, sizeof v);
}
static inline void copyAsync16(float* shared, const float* global, int valid) {
  emulator::startCopy(emulator::aligned(shared, 16), emulator::aligned(global, 16), 16, valid);
}
static inline void copyAsync4(float* shared, const float* global, int valid) {
  emulator::startCopy(emulator::aligned(shared, 4), emulator::aligned(global, 4), 4, valid);
}
static inline void commitCopies() { emulator::commitCopies(); }
template <int Pending>
static inline void waitForCopies() { emulator::waitForCopies(Pending); }
static inline uint32_t toTf32(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, 4);
  return (bits + 0x1000u) & 0xffffe000u;
}
static inline void mmaTf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  emulator::mmaTf32(c, a, b);
}
