#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.h"
#include "recorder/renderer.h"

namespace athanor::recorder {

std::unique_ptr<Renderer> makeRenderer(const RendererSettings& settings) {
  const auto file = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "athanor-media.so";
  void* module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);  // stays loaded: a second time costs nothing
  auto* make = module ? reinterpret_cast<MakeRenderer*>(::dlsym(module, makeRendererName)) : nullptr;
  if (!make) {
    const char* why = ::dlerror();
    throw Error(ErrorCode::internal, fmt::format("the part of Athanor that encodes cannot be loaded: {}",
                                                 why ? why : file.c_str()))
        .next(
            "Install FFmpeg's libraries (Debian: libavformat59, libavcodec59, libswscale6, libswresample4).");
  }
  return std::unique_ptr<Renderer>(make(settings));
}

}  // namespace athanor::recorder
