// Runs the blocks of a launch: fibers, barriers, shared memory, asynchronous copies, mma.sync.
#include "emulator.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <numeric>
#include <random>
#include <string>
#include <vector>

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
  uint32_t shown[2];                       // to other lanes, by the same
  int shownAt[2];                          // the barrier at which it was
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
std::mutex launching;                      // all of this is of one launch at a time

// Behind dynamic shared memory.
constexpr size_t SHARED_GUARD = 1024;

// ---- Faults: a kernel that touches what is no memory must not end the process ----------------------

constexpr int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
constexpr int SIGNAL_COUNT = sizeof SIGNALS / sizeof *SIGNALS;
struct sigaction before[SIGNAL_COUNT];
pthread_t runner;
volatile bool inFiber = false;
const char* volatile fault = nullptr;

// Faults of other threads, of which Java has some on purpose, go where they went before.
void onFault(int signal, siginfo_t* info, void* context) {
  if (inFiber && pthread_equal(pthread_self(), runner)) {
    inFiber = false;
    fault = signal == SIGFPE  ? "a division of integers by zero"
            : signal == SIGILL ? "an index outside an array, or a trap"
                               : "an access outside all memory, or one that is not aligned";
    _longjmp(scheduler, 1);
  }
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    if (SIGNALS[i] != signal) continue;
    if (before[i].sa_flags & SA_SIGINFO) {
      before[i].sa_sigaction(signal, info, context);
    } else {
      sigaction(signal, &before[i], nullptr);  // the instruction runs again, and faults again
    }
  }
}

struct FaultsAreTaken {
  FaultsAreTaken() {
    runner = pthread_self();
    struct sigaction ours = {};
    ours.sa_sigaction = onFault;
    ours.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
    sigemptyset(&ours.sa_mask);
    for (int i = 0; i < SIGNAL_COUNT; i++) sigaction(SIGNALS[i], &ours, &before[i]);
  }
  ~FaultsAreTaken() {
    for (int i = 0; i < SIGNAL_COUNT; i++) sigaction(SIGNALS[i], &before[i], nullptr);
  }
};

// ---- Fibers --------------------------------------------------------------------------------------

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
  if (_setjmp(scheduler) != 0) {
    inFiber = false;
    if (fault != nullptr) error = fault;
    return;
  }
  inFiber = true;
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

// What is wrong with the barriers that the threads of a block wait at: CUDA leaves it undefined if they
// are not one. Threads that have ended are not waited for, as on a GPU since compute capability 7.0.
std::string faultOfBarriers(int n) {
  const char* at = nullptr;
  for (int i = 0; i < n; i++) {
    if (fibers[i].state == RUNNABLE || fibers[i].state == AT_WARP_BARRIER) return "";
    if (fibers[i].state != AT_BLOCK_BARRIER) continue;
    if (at != nullptr && std::strcmp(at, fibers[i].where) != 0)
      return "threads of a block wait at two barriers, at " + std::string(at) + " and at " +
             fibers[i].where;
    at = fibers[i].where;
  }
  return "";
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
    f.shownAt[0] = f.shownAt[1] = -1;
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
    if (error = faultOfBarriers(n); !error.empty()) return;
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

void warpBarrier(const char* where) { wait(AT_WARP_BARRIER, where); }

int laneOfWarp() { return current % WARP; }

uint32_t ofLane(uint32_t mine, int lane, const char* where) {
  const int me = current;
  const int barrier = warpBarriers[me / WARP];
  const int parity = barrier % 2;
  fibers[me].shown[parity] = mine;
  fibers[me].shownAt[parity] = barrier;
  wait(AT_WARP_BARRIER, where);
  const int other = me / WARP * WARP + lane;
  // A lane that came by may have ended since.
  return other < static_cast<int>(order.size()) && fibers[other].shownAt[parity] == barrier
             ? fibers[other].shown[parity]
             : mine;
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
  const std::lock_guard<std::mutex> alone(launching);
  const int n = block.x * block.y * block.z;
  if (static_cast<int>(fibers.size()) < n) {
    fibers = std::vector<Fiber>(n);
    stacks.resize(n * STACK);
  }
  arrange(order, n);
  std::vector<int> blocks;
  arrange(blocks, grid.x * grid.y * grid.z);
  std::vector<float4> shared((sharedBytes + SHARED_GUARD) / 16 + 1);
  const auto* const sharedBytesOf = reinterpret_cast<unsigned char*>(shared.data());
  dynamicShared = &shared[0].x;
  body = kernel->run;
  arguments = parameters;
  blockExtent = block;
  gridExtent = grid;
  error.clear();
  fault = nullptr;
  const FaultsAreTaken whileItRuns;
  for (const unsigned block : blocks) {
    blockIndex = {block % grid.x, block / grid.x % grid.y, block / (grid.x * grid.y)};
    std::memset(static_cast<void*>(shared.data()), 0xff, shared.size() * 16);
    std::memset(kernel->sharedBegin, 0xff, kernel->sharedEnd - kernel->sharedBegin);
    runBlock(n);
    for (size_t i = sharedBytes; error.empty() && i < shared.size() * 16; i++)
      if (sharedBytesOf[i] != 0xff) error = "a write behind its dynamic shared memory";
    if (!error.empty()) {
      for (Fiber& f : fibers) f.begun = false;  // some are in the middle of the kernel
      return error;
    }
  }
  return "";
}

void setSchedule(int s) { schedule = s; }

}  // namespace emulator
