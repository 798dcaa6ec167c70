#include "cli/svg.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.h"

namespace athanor::cli {

namespace fs = std::filesystem;

fs::path moduleFolder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

std::string svgOf(const std::string& dot, const fs::path& folder) {
  const auto file = folder / "athanor-svg.so";
  void* module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  auto* render = module ? reinterpret_cast<RenderSvg*>(::dlsym(module, renderSvgName)) : nullptr;
  if (!render) {
    const char* why = ::dlerror();
    throw Error(ErrorCode::internal,
                fmt::format("the part of Athanor that draws cannot be loaded: {}", why ? why : file.c_str()))
        .next(
            "install Graphviz's library (Debian: libgvc6), or leave out --svg and draw the graph with `dot`");
  }
  std::string out;
  if (!render(dot, out)) throw Error(ErrorCode::internal, "the graph cannot be drawn: " + out);
  return out;
}

}  // namespace athanor::cli
