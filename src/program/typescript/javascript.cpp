#include "program/typescript/javascript.h"

#include <unistd.h>

#include <fstream>

#include "program/typescript/engine.h"
#include "program/typescript/engine_cache.h"
#include "program/typescript/library_id.h"
#include "program/typescript/pass.h"

#include <js/ContextOptions.h>
#include <js/Date.h>
#include <js/GCAPI.h>
#include <js/Initialization.h>
#include <js/Interrupt.h>
#include <js/Modules.h>
#include <js/SourceText.h>
#include <js/Stack.h>

namespace athanor::program {

namespace {

/// Enough for deep recursion in a program, well under the usual 8 MiB of the main thread.
constexpr std::size_t stackBytes = std::size_t{2} << 20;

double now(double microseconds, JSContext* cx) {
  auto* pass = static_cast<Pass*>(JS_GetContextPrivate(cx));
  return pass ? pass->clock().read() : microseconds;
}

bool interrupted(JSContext* cx) {
  auto* pass = static_cast<Pass*>(JS_GetContextPrivate(cx));
  return !pass || pass->mayGoOn();
}

/// Bytes of memory that the process holds; 0 where the system does not tell.
std::size_t residentBytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// The heap's limit counts cells, not what hangs on them (array elements, long texts), so each collection
/// looks at the whole process.
void collected(JSContext* cx, JSGCStatus status, JS::GCReason /*reason*/, void* data) {
  if (status != JSGC_END) return;
  auto& engine = *static_cast<JavaScript::Impl*>(data);
  engine.overMemory = residentBytes() > engine.residentAtStart + engine.heapBytes;
  if (engine.overMemory) JS_RequestInterruptCallback(cx);
}

void rejected(JSContext* cx, bool /*muted*/, JS::HandleObject promise,
              JS::PromiseRejectionHandlingState state, void* /*data*/) {
  currentPass(cx).rejection(promise, state == JS::PromiseRejectionHandlingState::Handled);
}

}  // namespace

JavaScript::Impl::Impl(std::size_t bytes)
    : heapBytes(bytes), watchdog([this] { JS_RequestInterruptCallback(context); }) {
  if (!JS_IsInitialized() && !JS_Init()) throw Error(ErrorCode::internal, "SpiderMonkey did not start");
  identifyLibrary();
  context = JS_NewContext(static_cast<std::uint32_t>(std::min<std::size_t>(bytes, UINT32_MAX)));
  if (!context) throw Error(ErrorCode::internal, "SpiderMonkey gave no context");
  JS_SetNativeStackQuota(context, stackBytes);
  JS::SetJobQueue(context, this);
  JS::ContextOptionsRef(context).setAsyncStack(true).setAsyncStackCaptureDebuggeeOnly(false);
  js::SetStackFormat(context, js::StackFormat::V8);
  JS::SetReduceMicrosecondTimePrecisionCallback(now);
  JS_AddInterruptCallback(context, interrupted);
  JS_SetGCCallback(context, collected, this);
  residentAtStart = residentBytes();
  JS::SetPromiseRejectionTrackerCallback(context, rejected);
  Modules::hook(JS_GetRuntime(context));
  const auto cache = engineCache();
  if (!JS::InitSelfHostedCode(context, JS::SelfHostedCache(cache.data(), cache.size())))
    throw Error(ErrorCode::internal, "SpiderMonkey did not load its own code");
}

JavaScript::Impl::~Impl() {
  scripts.clear();
  JS_DestroyContext(context);
}

JSObject* JavaScript::Impl::getIncumbentGlobal(JSContext* cx) { return JS::CurrentGlobalOrNull(cx); }

bool JavaScript::Impl::enqueuePromiseJob(JSContext* cx, JS::HandleObject /*promise*/, JS::HandleObject job,
                                         JS::HandleObject allocationSite, JS::HandleObject /*incumbent*/) {
  return currentPass(cx).enqueue(job, allocationSite);
}

// Only SpiderMonkey's debugger calls these, and there is none.
void JavaScript::Impl::runJobs(JSContext* /*cx*/) {}
bool JavaScript::Impl::empty() const { return true; }
js::UniquePtr<JS::JobQueue::SavedJobQueue> JavaScript::Impl::saveJobQueue(JSContext* cx) {
  JS_ReportErrorASCII(cx, "the JavaScript debugger is not supported");
  return nullptr;
}

JS::Stencil* JavaScript::Impl::script(const char* name, std::string_view source) {
  auto found = scripts.find(std::string_view(name));
  if (found == scripts.end()) {
    JS::CompileOptions options(context);
    options.setFileAndLine(name, 1);
    JS::SourceText<mozilla::Utf8Unit> text;
    check(text.init(context, source.data(), source.size(), JS::SourceOwnership::Borrowed));
    RefPtr<JS::Stencil> stencil = JS::CompileGlobalScriptToStencil(context, options, text);
    check(stencil.get());
    found = scripts.emplace(name, std::move(stencil)).first;
  }
  return found->second.get();
}

JavaScript::JavaScript(std::size_t heapBytes) : impl_(std::make_unique<Impl>(heapBytes)) {}

JavaScript::~JavaScript() {
  impl_.reset();
  JS_ShutDown();
}

}  // namespace athanor::program
