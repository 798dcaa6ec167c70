#include "cli/graph.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "cli/style.h"

namespace athanor::cli {

using plan::Action;

namespace {

struct Colours {
  const char* line;
  const char* fill;
};

Colours coloursOf(Graph::Look look) {
  switch (look) {
    case Graph::Look::create:
      return {"#1a7f37", "#d9f5de"};
    case Graph::Look::update:
      return {"#9a6700", "#fff3c4"};
    case Graph::Look::replace:
      return {"#8250df", "#ecdffd"};
    case Graph::Look::remove:
      return {"#cf222e", "#ffe1de"};
    case Graph::Look::adopt:
      return {"#0a6e86", "#d5f2f9"};
    case Graph::Look::keep:
      return {"#6e7781", "#f3f4f6"};
    case Graph::Look::broken:
      return {"#cf222e", "#f3f4f6"};
  }
  return {"black", "white"};
}

Graph::Look lookOf(Action action) {
  switch (action) {
    case Action::create:
      return Graph::Look::create;
    case Action::update:
      return Graph::Look::update;
    case Action::replace:
      return Graph::Look::replace;
    case Action::remove:
      return Graph::Look::remove;
    case Action::adopt:
      return Graph::Look::adopt;
    case Action::keep:
      return Graph::Look::keep;
  }
  return Graph::Look::keep;
}

/// `text` as a name; Graphviz takes one that begins with "%" for none.
std::string nameFrom(const std::string& text) {
  auto name = printable(text);
  return name.starts_with('%') ? "'" + name : name;
}

/// Puts a graph together, and gives each node a name of its own.
class Builder {
 public:
  explicit Builder(const std::string& title) { graph_.title = nameFrom(title); }

  std::size_t add(const std::string& id, std::vector<std::string> lines, Graph::Look look) {
    auto name = nameFrom(id);
    while (!names_.insert(name).second) name += "'";
    lines.insert(lines.begin(), printable(id));
    for (auto& line : lines) line = printable(line);
    graph_.nodes.push_back({std::move(name), std::move(lines), look});
    return graph_.nodes.size() - 1;
  }
  void connect(std::size_t from, std::size_t to) {
    if (from != to) graph_.edges.emplace_back(from, to);
  }
  Graph take() { return std::move(graph_); }

 private:
  Graph graph_;
  std::set<std::string> names_;
};

std::vector<std::string> linesFor(const plan::Step& step) {
  std::vector<std::string> lines = {step.type};
  if (step.action == Action::replace)
    lines.push_back(fmt::format("replace, {}", plan::name(step.order)));
  else if (step.action != Action::keep)
    lines.emplace_back(plan::name(step.action));
  return lines;
}

}  // namespace

Graph graphOf(const plan::Plan& plan) {
  Builder builder(plan.app + " " + plan.stage);
  // Where an id is deleted and declared, each step means the other of its own kind.
  std::map<std::pair<std::string, bool>, std::size_t> places;
  for (const auto& step : plan.steps)
    places[{step.id, step.action == Action::remove}] =
        builder.add(step.id, linesFor(step), lookOf(step.action));
  std::size_t at = 0;
  for (const auto& step : plan.steps) {
    for (const auto& id : step.dependsOn)
      if (const auto found = places.find({id, step.action == Action::remove}); found != places.end())
        builder.connect(at, found->second);
    ++at;
  }
  return builder.take();
}

Graph graphOf(const std::vector<Resource>& resources, const std::string& title) {
  using enum Resource::Status;
  Builder builder(title);
  std::map<std::string, std::size_t> places;
  for (const auto& resource : resources) {
    std::vector<std::string> lines = {resource.type};
    if (resource.status == tainted) lines.emplace_back("tainted");
    if (resource.status == leaving) lines.emplace_back("leaving");
    const auto look = resource.status == tainted   ? Graph::Look::broken
                      : resource.status == leaving ? Graph::Look::remove
                                                   : Graph::Look::keep;
    const auto at = builder.add(resource.id, std::move(lines), look);
    if (resource.status == leaving)
      places.emplace(resource.id, at);
    else
      places.insert_or_assign(resource.id, at);
  }
  std::size_t at = 0;
  for (const auto& resource : resources) {
    for (const auto& id : resource.dependsOn)
      if (const auto found = places.find(id); found != places.end()) builder.connect(at, found->second);
    ++at;
  }
  return builder.take();
}

std::string dotQuoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"')
      out += "\\\"";
    else if (c == '\\')
      out += "\\\\";
    else if (c == '&')
      out += "&amp;";
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + "\"";
}

std::string dotText(const Graph& graph) {
  auto out = fmt::format("digraph {} {{\n", dotQuoted(graph.title));
  out += "  rankdir=LR;\n";
  out += "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11];\n";
  out += "  edge [color=\"#57606a\"];\n";
  for (const auto& node : graph.nodes) {
    const auto [line, fill] = coloursOf(node.look);
    out += fmt::format("  {} [label={}, color=\"{}\", fillcolor=\"{}\"", dotQuoted(node.name),
                       dotQuoted(fmt::format("{}", fmt::join(node.lines, "\n"))), line, fill);
    if (node.look == Graph::Look::replace) out += ", peripheries=2";
    if (node.look == Graph::Look::remove) out += ", style=\"rounded,filled,dashed\"";
    if (node.look == Graph::Look::broken) out += ", penwidth=2";
    out += "];\n";
  }
  for (const auto& [from, to] : graph.edges)
    out += fmt::format("  {} -> {};\n", dotQuoted(graph.nodes[from].name), dotQuoted(graph.nodes[to].name));
  return out + "}\n";
}

}  // namespace athanor::cli
