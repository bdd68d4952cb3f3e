// Random numbers by Philox4x32-10 (Salmon et al. 2011): element i takes word i mod 4 of block i / 4,
// so uniform numbers and indices are those of the CPU bit by bit.
//
// Reference: ScalarBackend.uniform, normal, randomIndices and io.qgpo.tensor.Philox.
// Shapes:    state: key low, key high, counter low, counter high; out: n elements in rows of
//            `columns`, of any leading dimension.
// Launch:    256 threads, a block of 4 words each at a time; a grid-stride loop. The last block moves
//            the counter on: all of them read it.
// Bytes:     4 n.
// FLOP:      normal about 25 n; and 20 n integer operations.
#include "last_block.cuh"
#include "views.cuh"

__device__ unsigned finished;

struct Words {
  unsigned w[4];
};

__device__ __forceinline__ Words philox(const int* state, unsigned block) {
  unsigned k0 = state[0];
  unsigned k1 = state[1];
  const unsigned low = state[2];
  unsigned c0 = low + block;
  unsigned c1 = static_cast<unsigned>(state[3]) + (c0 < low ? 1u : 0u);
  unsigned c2 = 0;
  unsigned c3 = 0;
#pragma unroll
  for (int round = 0; round < 10; round++) {
    const unsigned n0 = __umulhi(0xCD9E8D57u, c2) ^ c1 ^ k0;
    const unsigned n2 = __umulhi(0xD2511F53u, c0) ^ c3 ^ k1;
    c1 = 0xCD9E8D57u * c2;
    c3 = 0xD2511F53u * c0;
    c0 = n0;
    c2 = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return Words{{c0, c1, c2, c3}};
}

// Calls body(element, words, word) for every element of out, and moves the counter on.
template <class Body>
__device__ __forceinline__ void draw(int* state, const Rows& out, int columns, unsigned n,
                                     Body body) {
  forEach((n + 3) / 4, [&](unsigned block) {
    const Words words = philox(state, block);
#pragma unroll
    for (int word = 0; word < 4; word++) {
      const unsigned i = 4 * block + word;
      if (i < n) body(at(out, i / columns, i % columns), words, word);
    }
  });
  if (isLastBlock(&finished, gridDim.x) && threadIdx.x == 0) {
    const unsigned low = state[2];
    const unsigned next = low + n / 4 + (n % 4 != 0 ? 1u : 0u);
    state[2] = next;
    state[3] = static_cast<unsigned>(state[3]) + (next < low ? 1u : 0u);
  }
}

// low + span u in double, neither fused, as Java computes it; a result that rounds up to high is
// `below`.
extern "C" __global__ void __launch_bounds__(256)
    uniform(int* state, double low, double span, float high, float below, Rows out,
            int columns, unsigned n) {
  draw(state, out, columns, n, [&](float& x, const Words& words, int word) {
    const float unit = (words.w[word] >> 8) * 0x1p-24f;
    const float value = static_cast<float>(__dadd_rn(low, __dmul_rn(span, unit)));
    x = value < high ? value : below;
  });
}

// Box-Muller: the first word of a pair gives the radius, the second the angle.
extern "C" __global__ void __launch_bounds__(256)
    normal(int* state, Rows out, int columns, unsigned n) {
  draw(state, out, columns, n, [&](float& x, const Words& words, int word) {
    // u = (word + 1/2) 2^-32 has 33 bits and a float 24; near u = 1 the others are all there is of
    // log u. What rounding the sum of both parts lost is added to the logarithm to first order.
    const unsigned first = words.w[word & 2];
    const float high = (first >> 8) * 0x1p-24f;
    const float low = ((first & 0xff) + 0.5f) * 0x1p-32f;
    const float u = high + low;
    const float lost = low - (u - high);
    const float radius = sqrtf(-2.0f * (logf(u) + lost / u));
    const float halfTurns = static_cast<float>(static_cast<int>(words.w[(word & 2) + 1])) * 0x1p-31f;
    x = radius * (word & 1 ? sinpif(halfTurns) : cospif(halfTurns));
  });
}

extern "C" __global__ void __launch_bounds__(256)
    random_indices(int* state, int bound, Rows out, int columns, unsigned n) {
  draw(state, out, columns, n, [&](float& x, const Words& words, int word) {
    reinterpret_cast<unsigned&>(x) = __umulhi(words.w[word], bound);
  });
}
