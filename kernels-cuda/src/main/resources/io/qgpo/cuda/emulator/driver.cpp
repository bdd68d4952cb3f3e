// A stand-in for libcuda.so.1: those functions of the driver that CudaDriver calls, on the emulator.
// Memory is surrounded by guard bytes and starts as NaN, so that writes outside are found and reads
// outside give NaN.
#include <dlfcn.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "emulator.h"

namespace emulator {
std::string launch(const Kernel* kernel, uint3 grid, uint3 block, unsigned sharedBytes,
                   void** parameters);
void setSchedule(int schedule);
}  // namespace emulator

namespace {

using emulator::Kernel;
using Address = unsigned long long;

enum Result {
  SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_PTX = 218,
  NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719, CAPTURE_UNSUPPORTED = 900
};
constexpr size_t GUARD = 256;
constexpr unsigned char FILL = 0xff;
constexpr char EMULATED_BY[] = "// emulated by ";

struct Graph { std::vector<std::function<Result()>> nodes; };
struct Stream { Graph* recording = nullptr; };
struct Event { std::chrono::steady_clock::time_point time; };
struct Module {
  std::map<std::string, int> parameters;
  const Kernel *own = nullptr, *end = nullptr;  // those of a library of its own
};
struct Function { const Kernel* kernel; unsigned maxShared; };

std::mutex allocating;
std::map<Address, size_t> allocations;
size_t memory = size_t(640) << 20;
size_t held = 0;
Result sticky = SUCCESS;
std::string message;
bool idle = false;
int recordings = 0;
int handles = 0;  // that were made and not destroyed

template <class T>
T* made(T* handle) {
  handles++;
  return handle;
}
template <class T>
int destroyed(T* handle) {
  handles -= handle != nullptr;
  delete handle;
  return SUCCESS;
}

Result failed(Result result, const std::string& what) {
  message = what;
  sticky = result;
  return result;
}

bool inside(Address at, size_t bytes) {
  const std::lock_guard<std::mutex> alone(allocating);
  auto next = allocations.upper_bound(at);
  if (next == allocations.begin()) return false;
  --next;
  return at + bytes <= next->first + next->second;
}

bool guardsHold() {
  const std::lock_guard<std::mutex> alone(allocating);
  for (auto [address, bytes] : allocations) {
    const auto* begin = reinterpret_cast<unsigned char*>(address);
    for (size_t i = 1; i <= GUARD; i++)
      if (begin[-static_cast<ptrdiff_t>(i)] != FILL || begin[bytes + i - 1] != FILL) return false;
  }
  return true;
}

// Runs now, or when the graph that is being recorded is replayed.
Result submit(Stream* stream, std::function<Result()> action) {
  if (stream->recording != nullptr) {
    stream->recording->nodes.push_back(std::move(action));
    return SUCCESS;
  }
  return sticky != SUCCESS ? sticky : action();
}

Result copy(Address to, Address from, size_t bytes, bool toDevice, bool fromDevice) {
  if ((toDevice && !inside(to, bytes)) || (fromDevice && !inside(from, bytes)))
    return INVALID_VALUE;
  std::memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
  return SUCCESS;
}

const Kernel* find(const Module& module, const std::string& name) {
  const Kernel* const first = module.own != nullptr ? module.own : emulator::kernels;
  for (const Kernel* k = first; k != module.end; k = k->next)
    if (name == k->name) return k;
  return nullptr;
}

// Kernels that were compiled to a library of their own, which the module names in its first line.
bool loadOwn(Module& module, const char* image) {
  const char* const path = image + std::strlen(EMULATED_BY);
  Kernel* const before = emulator::kernels;
  if (dlopen(std::string(path, std::strcspn(path, "\n")).c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
    message = dlerror();
    return false;
  }
  module.own = emulator::kernels;
  module.end = before;
  emulator::kernels = before;
  return module.own != module.end;
}

}  // namespace

#define API extern "C" __attribute__((visibility("default"))) int

// ---- For checks -----------------------------------------------------------------------------

// The order of blocks, and of the threads of a block: 0 ascending, 1 descending, others shuffled.
API emulator_schedule(int schedule) { emulator::setSchedule(schedule); return SUCCESS; }
// Whether kernels are taken and not run: to count launches that would take too long.
API emulator_idle(int on) { idle = on != 0; return SUCCESS; }
// How much memory the device has.
API emulator_memory(int mebibytes) { memory = size_t(mebibytes) << 20; return SUCCESS; }
// Allocations that were not freed.
API emulator_allocations() { return static_cast<int>(allocations.size()); }
// Streams, events, graphs, modules, pinned memory and handles of libraries that were not given back.
API emulator_handles() { return handles; }
// Forgets a failed launch, which a real driver never does.
API emulator_reset() { sticky = SUCCESS; return SUCCESS; }
API emulator_message(char* to, int capacity) {
  return std::snprintf(to, capacity, "%s", message.c_str());
}

// For libraries that compute on a stream: what one launches, with a copy of its arguments.
API emulator_submit(Stream* stream, const char* name, void (*action)(const void*),
                    const void* arguments, size_t bytes) {
  const auto* const from = static_cast<const unsigned char*>(arguments);
  const std::vector<unsigned char> copy(from, from + bytes);
  return submit(stream, [=] {
    if (idle) return SUCCESS;
    action(copy.data());
    return guardsHold() ? SUCCESS
                        : failed(ILLEGAL_ADDRESS, std::string(name) + ": a write outside its memory");
  });
}

// Counts a handle that a library made, or with -1 destroyed.
API emulator_handle(int made) { handles += made; return SUCCESS; }

// ---- The driver --------------------------------------------------------------------------------

API cuInit(unsigned) { return SUCCESS; }
API cuDriverGetVersion(int* version) { *version = 12060; return SUCCESS; }
// NVRTC, where it finds a driver, asks for tables of functions that nobody documents, and goes without.
API cuGetExportTable(const void** table, const void*) { *table = nullptr; return NOT_FOUND; }
API cuDeviceGetCount(int* count) { *count = 1; return SUCCESS; }
API cuDeviceGet(int* device, int ordinal) { *device = 0; return ordinal == 0 ? SUCCESS : INVALID_VALUE; }
API cuDeviceGetName(char* name, int capacity, int) {
  std::snprintf(name, capacity, "emulator");
  return SUCCESS;
}
API cuDeviceGetAttribute(int* value, int attribute, int) {
  switch (attribute) {
    case 16: *value = 4; break;  // multiprocessors
    case 75: *value = 8; break;  // compute capability
    default: *value = 0;
  }
  return SUCCESS;
}
API cuDevicePrimaryCtxRetain(void** context, int) { *context = &held; return SUCCESS; }
API cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }
API cuCtxSetCurrent(void*) { return SUCCESS; }
API cuMemGetInfo_v2(size_t* free, size_t* total) {
  *total = memory;
  *free = memory > held ? memory - held : 0;
  return SUCCESS;
}
// Calls that would disturb a recording fail while there is one, as they do in thread-local mode.
API cuMemAlloc_v2(Address* pointer, size_t bytes) {
  if (recordings > 0) return CAPTURE_UNSUPPORTED;
  if (bytes == 0) return INVALID_VALUE;
  const std::lock_guard<std::mutex> alone(allocating);
  if (held + bytes > memory) return OUT_OF_MEMORY;
  auto* base = static_cast<unsigned char*>(
      std::aligned_alloc(256, (bytes + 2 * GUARD + 255) / 256 * 256));
  std::memset(base, FILL, bytes + 2 * GUARD);
  *pointer = reinterpret_cast<Address>(base + GUARD);
  allocations[*pointer] = bytes;
  held += bytes;
  return SUCCESS;
}
API cuMemFree_v2(Address pointer) {
  if (recordings > 0) return CAPTURE_UNSUPPORTED;
  const std::lock_guard<std::mutex> alone(allocating);
  auto at = allocations.find(pointer);
  if (at == allocations.end()) return INVALID_VALUE;
  held -= at->second;
  allocations.erase(at);
  std::free(reinterpret_cast<unsigned char*>(pointer) - GUARD);
  return SUCCESS;
}
API cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) {
  if (recordings > 0) return CAPTURE_UNSUPPORTED;
  return sticky ? sticky : copy(to, reinterpret_cast<Address>(from), bytes, true, false);
}
API cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, Stream* stream) {
  return submit(stream,
                [=] { return copy(to, reinterpret_cast<Address>(from), bytes, true, false); });
}
API cuMemAllocHost_v2(void** pointer, size_t bytes) {
  *pointer = std::malloc(bytes);
  handles++;
  return SUCCESS;
}
API cuMemFreeHost(void* pointer) {
  std::free(pointer);
  handles--;
  return SUCCESS;
}
API cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) {
  if (recordings > 0) return CAPTURE_UNSUPPORTED;
  return sticky ? sticky : copy(reinterpret_cast<Address>(to), from, bytes, false, true);
}
API cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, Stream* stream) {
  return submit(stream, [=] { return copy(to, from, bytes, true, true); });
}
API cuMemsetD32Async(Address to, unsigned value, size_t count, Stream* stream) {
  return submit(stream, [=] {
    if (!inside(to, 4 * count)) return INVALID_VALUE;
    std::fill_n(reinterpret_cast<unsigned*>(to), count, value);
    return SUCCESS;
  });
}
API cuStreamCreate(Stream** stream, unsigned) { *stream = made(new Stream); return SUCCESS; }
API cuStreamDestroy_v2(Stream* stream) { return destroyed(stream); }
API cuStreamSynchronize(Stream* stream) { return stream->recording ? CAPTURE_UNSUPPORTED : sticky; }
API cuStreamBeginCapture_v2(Stream* stream, int) {
  if (stream->recording != nullptr) return CAPTURE_UNSUPPORTED;
  stream->recording = made(new Graph);
  recordings++;
  return SUCCESS;
}
API cuStreamEndCapture(Stream* stream, Graph** graph) {
  *graph = stream->recording;
  recordings -= stream->recording != nullptr;
  stream->recording = nullptr;
  return *graph != nullptr ? SUCCESS : CAPTURE_UNSUPPORTED;
}
API cuGraphGetNodes(Graph* graph, void**, size_t* count) { *count = graph->nodes.size(); return SUCCESS; }
API cuGraphInstantiateWithFlags(Graph** executable, Graph* graph, unsigned long long) {
  *executable = made(new Graph(*graph));
  return SUCCESS;
}
API cuGraphLaunch(Graph* graph, Stream* stream) {
  return submit(stream, [=] {
    for (auto& node : graph->nodes)
      if (Result result = node(); result != SUCCESS) return result;
    return SUCCESS;
  });
}
API cuGraphDestroy(Graph* graph) { return destroyed(graph); }
API cuGraphExecDestroy(Graph* graph) { return destroyed(graph); }
API cuEventCreate(Event** event, unsigned) { *event = made(new Event); return SUCCESS; }
API cuEventDestroy_v2(Event* event) { return destroyed(event); }
API cuEventRecord(Event* event, Stream*) { event->time = std::chrono::steady_clock::now(); return SUCCESS; }
API cuEventSynchronize(Event*) { return sticky; }
API cuEventElapsedTime(float* millis, Event* from, Event* to) {
  *millis = std::chrono::duration<float, std::milli>(to->time - from->time).count();
  return SUCCESS;
}

// Of a module only the names and numbers of parameters of its kernels count: the code is compiled in,
// or in a library that the module names.
API cuModuleLoadData(Module** module, const void* image) {
  if (recordings > 0) return CAPTURE_UNSUPPORTED;
  const char* at = static_cast<const char*>(image);
  if (std::strstr(at, ".version") == nullptr) return INVALID_PTX;
  auto* const loaded = new Module;
  if (std::strncmp(at, EMULATED_BY, std::strlen(EMULATED_BY)) == 0 && !loadOwn(*loaded, at)) {
    delete loaded;
    return INVALID_PTX;
  }
  while ((at = std::strstr(at, ".entry ")) != nullptr) {
    at += std::strlen(".entry ");
    const char* const open = std::strchr(at, '(');
    const char* const close = open != nullptr ? std::strchr(open, ')') : nullptr;
    if (close == nullptr) break;
    int parameters = 0;
    for (const char* p = open; (p = std::strstr(p, ".param")) != nullptr && p < close; p++)
      parameters++;
    loaded->parameters[std::string(at, open)] = parameters;
    at = close;
  }
  *module = made(loaded);
  return SUCCESS;
}
API cuModuleUnload(Module* module) { return destroyed(module); }
API cuModuleGetFunction(Function** function, Module* module, const char* name) {
  const Kernel* const kernel = find(*module, name);
  const auto entry = module->parameters.find(name);
  if (kernel == nullptr || entry == module->parameters.end() ||
      entry->second != kernel->parameters)
    return NOT_FOUND;
  *function = new Function{kernel, 48 * 1024};
  return SUCCESS;
}
API cuFuncSetAttribute(Function* function, int attribute, int value) {
  if (attribute == 8) function->maxShared = value;  // dynamic shared memory
  return SUCCESS;
}
API cuLaunchKernel(Function* function, unsigned gridX, unsigned gridY, unsigned gridZ,
                   unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes,
                   Stream* stream, void** parameters, void**) {
  if (gridX == 0 || gridY == 0 || gridZ == 0 || gridY > 65535 || gridZ > 65535 ||
      blockX * blockY * blockZ - 1 >= 1024 || sharedBytes > function->maxShared)
    return INVALID_VALUE;
  const Kernel* const kernel = function->kernel;
  std::vector<std::vector<unsigned char>> values;
  for (int i = 0; i < kernel->parameters; i++) {
    const auto* value = static_cast<unsigned char*>(parameters[i]);
    values.emplace_back(value, value + kernel->sizes[i]);
  }
  return submit(stream, [=]() mutable {
    if (idle) return SUCCESS;
    std::vector<void*> pointers;
    for (auto& value : values) pointers.push_back(value.data());
    const std::string error =
        emulator::launch(kernel, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, sharedBytes,
                         pointers.data());
    if (!error.empty()) return failed(LAUNCH_FAILED, std::string(kernel->name) + ": " + error);
    if (!guardsHold())
      return failed(ILLEGAL_ADDRESS, std::string(kernel->name) + ": a write outside its memory");
    return SUCCESS;
  });
}
API cuGetErrorName(int error, const char** name) {
  switch (error) {
    case SUCCESS: *name = "CUDA_SUCCESS"; break;
    case OUT_OF_MEMORY: *name = "CUDA_ERROR_OUT_OF_MEMORY"; break;
    case NOT_FOUND: *name = "CUDA_ERROR_NOT_FOUND"; break;
    case INVALID_PTX: *name = "CUDA_ERROR_INVALID_PTX"; break;
    case ILLEGAL_ADDRESS: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; break;
    case LAUNCH_FAILED: *name = "CUDA_ERROR_LAUNCH_FAILED"; break;
    case CAPTURE_UNSUPPORTED: *name = "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"; break;
    default: *name = "CUDA_ERROR_INVALID_VALUE";
  }
  return SUCCESS;
}
