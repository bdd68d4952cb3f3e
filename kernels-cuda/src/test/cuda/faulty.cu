// Kernels with faults that the emulator must find. faulty.ptx declares their entries.

// Reverses 64 elements in shared memory without a barrier between writing and reading.
extern "C" __global__ void missing_barrier(float* x) {
  __shared__ float shared[64];
  shared[threadIdx.x] = x[threadIdx.x];
  x[threadIdx.x] = shared[63 - threadIdx.x];
}

// Only half of the threads reach the barrier, while the others wait at another.
extern "C" __global__ void divergent_barrier(float* x) {
  if (threadIdx.x % 2 == 0) {
    __syncthreads();
  } else {
    mmaTf32(*reinterpret_cast<float(*)[4]>(x), {}, {});
  }
}

// The halves wait at barriers of their own.
extern "C" __global__ void two_barriers(float* x) {
  if (threadIdx.x % 2 == 0) {
    __syncthreads();
  } else {
    __syncthreads();
  }
  x[threadIdx.x] = 1.0f;
}

// Writes one element more than there are.
extern "C" __global__ void out_of_bounds(float* x, int n) { x[n] = 1.0f; }

// Writes one element more than there are in shared memory.
extern "C" __global__ void shared_overrun(float* x, int n) {
  __shared__ float shared[64];
  shared[threadIdx.x + n] = x[threadIdx.x];
  __syncthreads();
  x[threadIdx.x] = shared[threadIdx.x];
}

// Reads shared memory that nobody wrote.
extern "C" __global__ void unwritten(float* x) {
  __shared__ float shared[64];
  x[threadIdx.x] = shared[threadIdx.x];
}

// Reads what is copied behind the computation without waiting for it.
extern "C" __global__ void missing_wait(float* x) {
  DYNAMIC_SHARED(shared);
  copyAsync4(shared + threadIdx.x, x + threadIdx.x, 4);
  commitCopies();
  __syncthreads();
  x[threadIdx.x] = 2.0f * shared[threadIdx.x];
}

// Reads four elements from an address that is not a multiple of 16.
extern "C" __global__ void misaligned(float* x) {
  float v[4];
  loadVector(v, x + 1);
  x[0] = v[0];
}
