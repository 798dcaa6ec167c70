#include "program/typescript/frames.h"

#include <fmt/format.h>

#include "program/typescript/embedded.h"

#include <js/SavedFrameAPI.h>
#include <js/Stack.h>

namespace athanor::program {

namespace {

constexpr auto noSelfHosted = JS::SavedFrameSelfHosted::Exclude;

struct Frame {
  SourcePlace place;
  std::string function;
  bool async = false;
};

Frame read(JSContext* cx, JS::HandleObject stack) {
  Frame frame;
  JS::RootedString text(cx);
  JS::GetSavedFrameSource(cx, nullptr, stack, &text, noSelfHosted);
  frame.place.file = toUtf8(cx, text);
  std::uint32_t number = 0;
  JS::GetSavedFrameLine(cx, nullptr, stack, &number, noSelfHosted);
  frame.place.line = static_cast<int>(number);
  JS::GetSavedFrameColumn(cx, nullptr, stack, &number, noSelfHosted);
  frame.place.column = static_cast<int>(number);
  JS::GetSavedFrameFunctionDisplayName(cx, nullptr, stack, &text, noSelfHosted);
  if (text) frame.function = toUtf8(cx, text);
  return frame;
}

/// Calls `see(frame)` for each frame of the user's, youngest first, until it gives false.
template <class See>
void eachFrame(JSContext* cx, JS::HandleObject stack, See see) {
  JS::RootedObject at(cx, stack);
  JS::RootedObject next(cx);
  bool async = false;
  while (at) {
    Frame frame = read(cx, at);
    frame.async = std::exchange(async, false);
    const bool ours = frame.place.file.empty() || isOurScript(frame.place.file);
    if (!ours && !see(frame)) return;
    JS::GetSavedFrameParent(cx, nullptr, at, &next, noSelfHosted);
    if (!next) {
      JS::GetSavedFrameAsyncParent(cx, nullptr, at, &next, noSelfHosted);
      async = true;
    }
    async = async || (ours && frame.async);
    at = next;
  }
}

}  // namespace

JSObject* captureStack(JSContext* cx) {
  JS::RootedObject stack(cx);
  check(JS::CaptureCurrentStack(cx, &stack, JS::StackCapture(JS::MaxFrames(50))));
  return stack;
}

SourcePlace placeOf(JSContext* cx, JS::HandleObject stack) {
  SourcePlace place;
  eachFrame(cx, stack, [&](const Frame& frame) {
    place = frame.place;
    return false;
  });
  return place;
}

std::string describe(JSContext* cx, JS::HandleObject stack, int most) {
  std::string out;
  eachFrame(cx, stack, [&](const Frame& frame) {
    const char* async = frame.async ? "async " : "";
    if (frame.function.empty())
      out += fmt::format("    at {}{}\n", async, toString(frame.place));
    else
      out += fmt::format("    at {}{} ({})\n", async, frame.function, toString(frame.place));
    return --most > 0;
  });
  if (!out.empty()) out.pop_back();
  return out;
}

SourcePlace currentPlace(JSContext* cx) {
  JS::AutoFilename file;
  unsigned line = 0;
  unsigned column = 0;
  if (!JS::DescribeScriptedCaller(cx, &file, &line, &column) || !file.get()) return {};
  return {file.get(), static_cast<int>(line), static_cast<int>(column) + 1};
}

}  // namespace athanor::program
