// Runs the blocks of a launch: fibers, barriers, shared memory, asynchronous copies, mma.sync.
#include "emulator.h"

#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <deque>
#include <numeric>
#include <random>
#include <string>
#include <vector>

// The section of __shared__ variables; empty if no kernel has one.
extern unsigned char sharedBegin[] __asm__("__start_emulated_shared") __attribute__((weak));
extern unsigned char sharedEnd[] __asm__("__stop_emulated_shared") __attribute__((weak));

namespace emulator {

uint3 threadIndex, blockIndex, blockExtent, gridExtent;
float* dynamicShared;
Kernel* kernels = nullptr;

namespace {

constexpr size_t STACK = 64 * 1024;
constexpr int WARP = 32;

enum State { RUNNABLE, AT_BLOCK_BARRIER, AT_WARP_BARRIER, DONE };
struct Copy { float* to; const float* from; int bytes, valid; };
struct Fiber {
  jmp_buf context;                         // ucontext.h only to begin with: it asks the system
  bool begun;
  State state;
  const char* where;
  std::vector<Copy> started;               // of the group that is not committed yet
  std::deque<std::vector<Copy>> groups;
  float fragments[2][6];                   // a and b of an mma, by the parity of the warp's barriers
};

std::vector<Fiber> fibers;
std::vector<unsigned char> stacks;
std::vector<int> order;
std::vector<int> warpBarriers;             // passed so far
jmp_buf scheduler;
ucontext_t beginning;
int current;
void (*body)(void**);
void** arguments;
std::string error;
int schedule = 0;

// Leaves the running fiber; comes back when it is resumed.
void leave() {
  if (_setjmp(fibers[current].context) == 0) _longjmp(scheduler, 1);
}

// A fiber runs one thread after the other: making one asks the system twice.
void enter() {
  for (;;) {
    body(arguments);
    fibers[current].state = DONE;
    leave();
  }
}

void resume(int i) {
  if (_setjmp(scheduler) != 0) return;
  if (fibers[i].begun) _longjmp(fibers[i].context, 1);
  fibers[i].begun = true;
  getcontext(&beginning);
  beginning.uc_stack.ss_sp = stacks.data() + i * STACK;
  beginning.uc_stack.ss_size = STACK;
  beginning.uc_link = nullptr;
  makecontext(&beginning, enter, 0);
  setcontext(&beginning);
}

void wait(State state, const char* where) {
  const int me = current;
  fibers[me].state = state;
  fibers[me].where = where;
  leave();
}

// Lets all fibers of [begin, end) go on if those not done are all in that state.
bool release(int begin, int end, State state) {
  int waiting = 0;
  for (int i = begin; i < end; i++) {
    if (fibers[i].state == RUNNABLE) return false;
    if (fibers[i].state != DONE && fibers[i].state != state) return false;
    waiting += fibers[i].state == state;
  }
  for (int i = begin; i < end; i++)
    if (fibers[i].state == state) fibers[i].state = RUNNABLE;
  return waiting > 0;
}

// Of threads, or of blocks.
void arrange(std::vector<int>& items, int n) {
  items.resize(n);
  std::iota(items.begin(), items.end(), 0);
  if (schedule == 1) std::reverse(items.begin(), items.end());
  if (schedule > 1) std::shuffle(items.begin(), items.end(), std::mt19937(schedule));
}

void runBlock(int n) {
  for (int i = 0; i < n; i++) {
    Fiber& f = fibers[i];
    f.state = RUNNABLE;
    f.started.clear();
    f.groups.clear();
  }
  const int warps = (n + WARP - 1) / WARP;
  warpBarriers.assign(warps, 0);
  for (;;) {
    bool ran = false;
    for (int i : order) {
      if (fibers[i].state != RUNNABLE) continue;
      ran = true;
      current = i;
      threadIndex = {i % blockExtent.x, i / blockExtent.x % blockExtent.y,
                     i / (blockExtent.x * blockExtent.y)};
      resume(i);
      if (!error.empty()) return;
    }
    bool released = release(0, n, AT_BLOCK_BARRIER);
    for (int w = 0; w < warps; w++) {
      if (release(w * WARP, std::min(n, (w + 1) * WARP), AT_WARP_BARRIER)) {
        warpBarriers[w]++;
        released = true;
      }
    }
    if (ran || released) continue;
    for (int i = 0; i < n; i++) {
      if (fibers[i].state != DONE) {
        error = "not all threads reach the barrier at " + std::string(fibers[i].where);
        return;
      }
    }
    return;
  }
}

float fromBits(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, 4);
  return x;
}

}  // namespace

void fail(const char* what) {
  error = what;
  leave();
}

void blockBarrier(const char* where) { wait(AT_BLOCK_BARRIER, where); }

void startCopy(float* to, const float* from, int bytes, int valid) {
  fibers[current].started.push_back({to, from, bytes, valid});
}

void commitCopies() {
  Fiber& f = fibers[current];
  f.groups.push_back(std::move(f.started));
  f.started.clear();
}

void waitForCopies(int pending) {
  Fiber& f = fibers[current];
  while (static_cast<int>(f.groups.size()) > pending) {
    for (const Copy& copy : f.groups.front()) {
      std::memset(copy.to, 0, copy.bytes);
      std::memcpy(copy.to, copy.from, copy.valid);
    }
    f.groups.pop_front();
  }
}

// All lanes lay down their fragments; then each computes its own four elements.
void mmaTf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  const int me = current;
  const int first = me / WARP * WARP;
  const int parity = warpBarriers[me / WARP] % 2;
  float(&mine)[6] = fibers[me].fragments[parity];
  for (int i = 0; i < 4; i++) mine[i] = fromBits(a[i]);
  for (int i = 0; i < 2; i++) mine[4 + i] = fromBits(b[i]);
  wait(AT_WARP_BARRIER, "mma.sync");
  const int g = me % WARP / 4;
  const int t = me % 4;
  for (int i = 0; i < 4; i++) {
    const int column = 2 * t + i % 2;
    const int lower = i / 2;
    for (int k = 0; k < 8; k++) {
      const float left = fibers[first + 4 * g + k % 4].fragments[parity][k / 4 * 2 + lower];
      const float right = fibers[first + 4 * column + k % 4].fragments[parity][4 + k / 4];
      c[i] += left * right;
    }
  }
}

// Runs a launch; an empty string, or what went wrong.
std::string launch(const Kernel* kernel, uint3 grid, uint3 block, unsigned sharedBytes,
                   void** parameters) {
  const int n = block.x * block.y * block.z;
  if (static_cast<int>(fibers.size()) < n) {
    fibers = std::vector<Fiber>(n);
    stacks.resize(n * STACK);
  }
  arrange(order, n);
  std::vector<int> blocks;
  arrange(blocks, grid.x * grid.y * grid.z);
  std::vector<float4> shared(sharedBytes / 16 + 1);
  dynamicShared = &shared[0].x;
  body = kernel->run;
  arguments = parameters;
  blockExtent = block;
  gridExtent = grid;
  error.clear();
  for (const unsigned block : blocks) {
    blockIndex = {block % grid.x, block / grid.x % grid.y, block / (grid.x * grid.y)};
    std::memset(static_cast<void*>(shared.data()), 0xff, shared.size() * 16);
    std::memset(sharedBegin, 0xff, sharedEnd - sharedBegin);
    runBlock(n);
    if (!error.empty()) {
      for (Fiber& f : fibers) f.begun = false;  // some are in the middle of the kernel
      return error;
    }
  }
  return "";
}

void setSchedule(int s) { schedule = s; }

}  // namespace emulator
