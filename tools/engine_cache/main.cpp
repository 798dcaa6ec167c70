// Writes SpiderMonkey's own JavaScript in compiled form to the file that the first argument names, so that
// programs need not compile it at every start.
#include <jsapi.h>

#include <js/Initialization.h>
#include <unistd.h>

#include <cstdio>

#include "program/typescript/library_id.h"

namespace {
FILE* output = nullptr;

bool write(JSContext* /*cx*/, JS::SelfHostedCache content) {
  return std::fwrite(content.data(), 1, content.size(), output) == content.size();
}
}  // namespace

int main(int count, char** arguments) {
  if (count != 2 || !(output = std::fopen(arguments[1], "wb"))) return 2;
  if (!JS_Init()) return 1;
  athanor::program::identifyLibrary();
  JSContext* context = JS_NewContext(JS::DefaultHeapMaxBytes);
  const bool done = context && JS::InitSelfHostedCode(context, nullptr, write) && std::fclose(output) == 0;
  _exit(done ? 0 : 1);
}
