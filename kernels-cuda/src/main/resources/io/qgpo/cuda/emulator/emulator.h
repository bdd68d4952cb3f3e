// CUDA C++ on a CPU, for tests and for `qgpo kernel check`: the kernels' own sources are compiled by
// g++ with this file included first. Each CUDA thread of a block is a fiber; blocks run one after the other, in several orders, on
// one OS thread.
// It finds wrong results, reads of what nobody wrote, missing waits and barriers (several orders of
// the threads must agree), barriers that not all threads reach, accesses that are not aligned, and
// those far outside all memory.
// It knows nothing of time, of memory order between blocks, or of reads outside an allocation other
// than by the NaN that they give. A loop without end does not end here either.
#pragma once
#define QGPO_EMULATED

// A kernel is included inside a namespace: what it may include must be included before.
#include <algorithm>
#include <cassert>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x = 1, y = 1, z = 1; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(16) int4 { int x, y, z, w; };
struct alignas(8) float2 { float x, y; };
struct alignas(8) int2 { int x, y; };

// Of this library's __shared__ variables; null if it has none.
extern unsigned char emulatedSharedBegin[] __asm__("__start_emulated_shared")
    __attribute__((weak, visibility("hidden")));
extern unsigned char emulatedSharedEnd[] __asm__("__stop_emulated_shared")
    __attribute__((weak, visibility("hidden")));

// Visible: kernels in libraries of their own, loaded later, use it.
namespace emulator __attribute__((visibility("default"))) {

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

// Threads of a warp: a barrier, and 4 bytes of another lane (of its own, if there is none there).
void warpBarrier(const char* where);
uint32_t ofLane(uint32_t mine, int lane, const char* where);
int laneOfWarp();

// A kernel as the stand-in driver launches it: parameters by address.
struct Kernel {
  const char* name;
  int parameters;
  const size_t* sizes;
  void (*run)(void** parameters);
  unsigned char *sharedBegin, *sharedEnd;  // its library's __shared__ variables
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
    return {name, sizeof...(P), Signature<P...>::sizes, run, emulatedSharedBegin, emulatedSharedEnd,
            nullptr};
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
#define __host__
#define __constant__ static
#define __restrict__ __restrict
#define __noinline__ __attribute__((noinline))
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

constexpr int warpSize = 32;

#define EMULATED_MIN_MAX(type)                                              \
  static inline type min(type a, type b) { return a < b ? a : b; }           \
  static inline type max(type a, type b) { return a > b ? a : b; }
EMULATED_MIN_MAX(int)
EMULATED_MIN_MAX(unsigned)
EMULATED_MIN_MAX(long long)
EMULATED_MIN_MAX(unsigned long long)
EMULATED_MIN_MAX(float)
EMULATED_MIN_MAX(double)

static inline unsigned atomicAdd(unsigned* at, unsigned n) { return std::exchange(*at, *at + n); }
static inline int atomicAdd(int* at, int n) { return std::exchange(*at, *at + n); }
static inline float atomicAdd(float* at, float x) { return std::exchange(*at, *at + x); }

static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static inline float2 make_float2(float x, float y) { return {x, y}; }
static inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
static inline int2 make_int2(int x, int y) { return {x, y}; }

// The C library has names like these of its own.
#define __expf(x) expf(x)
#define __logf(x) logf(x)
#define __sinf(x) sinf(x)
#define __cosf(x) cosf(x)
static inline float __frcp_rn(float x) { return 1.0f / x; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
static inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
static inline float __int_as_float(int bits) { float x; std::memcpy(&x, &bits, 4); return x; }
static inline int __float_as_int(float x) { int bits; std::memcpy(&bits, &x, 4); return bits; }

// ---- Threads of a warp: all that have not ended must come by ---------------------------------------

#define EMULATOR_PLACE __FILE__ ":" EMULATOR_LINE(__LINE__)
#define __syncwarp(...) emulator::warpBarrier(EMULATOR_PLACE)
template <class T>
static inline T emulatedShuffle(T value, int lane, const char* where) {
  static_assert(sizeof(T) == 4, "the emulator's shuffles take values of 4 bytes");
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  bits = emulator::ofLane(bits, lane, where);
  std::memcpy(&value, &bits, 4);
  return value;
}
// Groups of `width` lanes, a power of two; the last argument may be left out.
template <class T>
static inline T emulatedShuffle(int kind, const char* where, T value, int by, int width = 32) {
  const int me = emulator::laneOfWarp();
  const int first = me / width * width;
  int from = kind == 0   ? first + by % width
             : kind == 1 ? me ^ by
             : kind == 2 ? me + by
                         : me - by;
  if (from < first || from >= first + width) from = me;
  return emulatedShuffle(value, from, where);
}
#define __shfl_sync(mask, ...) emulatedShuffle(0, EMULATOR_PLACE, __VA_ARGS__)
#define __shfl_xor_sync(mask, ...) emulatedShuffle(1, EMULATOR_PLACE, __VA_ARGS__)
#define __shfl_down_sync(mask, ...) emulatedShuffle(2, EMULATOR_PLACE, __VA_ARGS__)
#define __shfl_up_sync(mask, ...) emulatedShuffle(3, EMULATOR_PLACE, __VA_ARGS__)

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
static inline void loadVectorPastL1(float (&v)[4], const float* p) { loadVector(v, p); }
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
