#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

#include <array>
#include <memory>

#include "cli/svg.h"

// The two plugins that drawing needs. They are linked, so that no configuration of Graphviz's is read and
// none of its other plugins (Pango, Cairo) is loaded; widths of texts come from Graphviz's own tables.
extern "C" {
extern gvplugin_library_t gvplugin_dot_layout_LTX_library;
extern gvplugin_library_t gvplugin_core_LTX_library;
}

namespace {

std::string lastError() {
  const char* said = aglasterr();
  return said ? said : "Graphviz does not say why";
}

bool render(GVC_t* context, Agraph_t* graph, std::string& out) {
  if (gvLayout(context, graph, "dot") != 0) {
    out = lastError();
    return false;
  }
  char* data = nullptr;
  unsigned int size = 0;
  const bool drawn = gvRenderData(context, graph, "svg", &data, &size) == 0 && data;
  out = drawn ? std::string(data, size) : lastError();
  if (data) gvFreeRenderData(data);
  gvFreeLayout(context, graph);
  return drawn;
}

}  // namespace

extern "C" [[gnu::visibility("default")]] bool athanor_render_svg(const std::string& dot, std::string& out) {
  agseterr(AGMAX);  // what goes wrong is returned, not printed
  const std::array<lt_symlist_t, 3> plugins = {
      {{"gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library},
       {"gvplugin_core_LTX_library", &gvplugin_core_LTX_library},
       {nullptr, nullptr}}};
  const std::unique_ptr<GVC_t, decltype(&gvFreeContext)> context(gvContextPlugins(plugins.data(), 0),
                                                                 gvFreeContext);
  const std::unique_ptr<Agraph_t, decltype(&agclose)> graph(agmemread(dot.c_str()), agclose);
  if (graph) return render(context.get(), graph.get(), out);
  out = lastError();
  return false;
}

static_assert(std::is_same_v<decltype(athanor_render_svg), athanor::cli::RenderSvg>);
