#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/resource.h"
#include "plan/plan.h"

namespace athanor::cli {

/// Resources and what depends on what, as it is drawn.
struct Graph {
  enum class Look : std::uint8_t { create, update, replace, remove, adopt, keep, broken };

  struct Node {
    std::string name;                ///< no two nodes have the same
    std::vector<std::string> lines;  ///< what stands in it
    Look look = Look::keep;
  };

  std::string title;
  std::vector<Node> nodes;
  /// From what depends to what comes first, as indexes of nodes.
  std::vector<std::pair<std::size_t, std::size_t>> edges;
};

/// A node for each step. An edge leads from a step to one that comes before it: of deletions that is the
/// deletion of what depends on the resource.
Graph graphOf(const plan::Plan& plan);
/// A node for each recorded resource, with edges to what it depends on.
Graph graphOf(const std::vector<Resource>& resources, const std::string& title);

/// The graph in Graphviz's language, for `dot` and others.
std::string dotText(const Graph& graph);

/// `text` as a quoted string of that language in which nothing but its own characters is drawn: no escape
/// such as \N and no entity such as &amp; of its own is replaced.
std::string dotQuoted(std::string_view text);

}  // namespace athanor::cli
