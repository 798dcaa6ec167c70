#pragma once

#include <map>

#include "program/typescript/javascript.h"
#include "program/typescript/js.h"
#include "program/typescript/watchdog.h"

#include <js/Promise.h>
#include <js/experimental/JSStencil.h>

namespace athanor::program {

/// What belongs to no single pass: the context, the watchdog, and our own scripts in compiled form. As the
/// engine's job queue it hands each job to the pass whose JavaScript made it.
struct JavaScript::Impl final : JS::JobQueue {
  explicit Impl(std::size_t heapBytes);
  ~Impl() override;

  JSObject* getIncumbentGlobal(JSContext* cx) override;
  bool enqueuePromiseJob(JSContext* cx, JS::HandleObject promise, JS::HandleObject job,
                         JS::HandleObject allocationSite, JS::HandleObject incumbentGlobal) override;
  void runJobs(JSContext* cx) override;
  bool empty() const override;
  js::UniquePtr<SavedJobQueue> saveJobQueue(JSContext* cx) override;

  /// One of our own scripts (embedded.h), compiled the first time it is asked for.
  JS::Stencil* script(const char* name, std::string_view source);

  JSContext* context = nullptr;
  std::size_t heapBytes;
  std::size_t residentAtStart = 0;
  bool overMemory = false;  ///< what runs must end: the process has grown by more than heapBytes
  Watchdog watchdog;
  std::map<std::string, RefPtr<JS::Stencil>, std::less<>> scripts;
};

}  // namespace athanor::program
