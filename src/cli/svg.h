#pragma once

#include <filesystem>
#include <string>

namespace athanor::cli {

/// What the module athanor-svg.so exports under this name: lays out a graph in Graphviz's language and draws
/// it. Puts the SVG document into `out`, or, where it gives false, what is wrong.
constexpr auto renderSvgName = "athanor_render_svg";
using RenderSvg = bool(const std::string& dot, std::string& out);

/// A graph in Graphviz's language as an SVG document. The module that draws, and Graphviz with it, is loaded
/// at the first call and stays. Throws Error(internal) where it is not in `folder` or cannot draw the graph.
std::string svgOf(const std::string& dot, const std::filesystem::path& folder);

/// The folder of the running program, in which its modules lie.
std::filesystem::path moduleFolder();

}  // namespace athanor::cli
