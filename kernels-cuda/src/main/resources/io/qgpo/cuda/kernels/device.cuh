// What C++ has no word for, or says without checking: accesses of 8 and 16 bytes, copies that run
// behind the computation, tensor cores. The emulator of the tests has its own version of everything
// in this file.
#pragma once
#ifndef QGPO_EMULATED

#include <cstdint>

#define DYNAMIC_SHARED(name) extern __shared__ __align__(16) float name[]

// Vectors of 4 and 2 floats, at addresses that are multiples of 16 and 8.
__device__ __forceinline__ void loadVector(float (&v)[4], const float* p) {
  const float4 q = *reinterpret_cast<const float4*>(p);
  v[0] = q.x, v[1] = q.y, v[2] = q.z, v[3] = q.w;
}
// The same of what other blocks of the launch have stored.
__device__ __forceinline__ void loadVectorPastL1(float (&v)[4], const float* p) {
  const float4 q = __ldcg(reinterpret_cast<const float4*>(p));
  v[0] = q.x, v[1] = q.y, v[2] = q.z, v[3] = q.w;
}
__device__ __forceinline__ void storeVector(float* p, const float (&v)[4]) {
  *reinterpret_cast<float4*>(p) = make_float4(v[0], v[1], v[2], v[3]);
}
__device__ __forceinline__ void storeVector(float* p, const float (&v)[2]) {
  *reinterpret_cast<float2*>(p) = make_float2(v[0], v[1]);
}

// Starts a copy of 16 bytes to shared memory, of which `valid` are read and the others become zero.
// Both addresses are multiples of 16.
__device__ __forceinline__ void copyAsync16(float* shared, const float* global, int valid) {
  const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(global), "r"(valid)
               : "memory");
}

// As copyAsync16 for one float: `valid` is 4 or 0.
__device__ __forceinline__ void copyAsync4(float* shared, const float* global, int valid) {
  const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(to), "l"(global), "r"(valid)
               : "memory");
}

// Makes a group of the copies that this thread started since the last one.
__device__ __forceinline__ void commitCopies() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most `Pending` of this thread's groups are under way. Other threads see what was
// copied after the next barrier.
template <int Pending>
__device__ __forceinline__ void waitForCopies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
}

// To TF32, 10 bits of mantissa: to the nearest, ties away from zero.
__device__ __forceinline__ uint32_t toTf32(float x) {
  uint32_t bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
  return bits;
}

// c += a b for a warp, a 16 x 8, b 8 x 8, c 16 x 8. With g = lane / 4 and t = lane % 4 a lane holds
// a: (g,t) (g+8,t) (g,t+4) (g+8,t+4); b: (t,g) (t+4,g); c: (g,2t) (g,2t+1) (g+8,2t) (g+8,2t+1).
__device__ __forceinline__ void mmaTf32(float (&c)[4], const uint32_t (&a)[4],
                                        const uint32_t (&b)[2]) {
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

#endif
