// What is left to do when all blocks are done, by the last of them and in the same launch.
#pragma once

// Whether this block is the last of `blocks` that ask with this counter, for all its threads: what the
// others stored before they asked is then to be seen by __ldcg, past the L1 cache. The counter is 0
// again afterwards; launches that share one must be on one stream. All threads must ask.
__device__ __forceinline__ bool isLastBlock(unsigned* counter, unsigned blocks) {
  __shared__ int last;
  __syncthreads();
  if (threadIdx.x == 0) {
    // After the barrier thread 0 has seen the stores of all, so its fence is for them all.
    __threadfence();
    last = atomicAdd(counter, 1u) == blocks - 1;
    if (last) *counter = 0;
    __threadfence();
  }
  __syncthreads();
  return last != 0;
}
