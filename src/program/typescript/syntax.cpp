#include "program/typescript/syntax.h"

#include <algorithm>
#include <stdexcept>

extern "C" const TSLanguage* tree_sitter_typescript();

namespace athanor::program {

bool Node::isAny(std::initializer_list<std::string_view> kinds) const {
  return std::ranges::find(kinds, kind()) != kinds.end();
}

std::vector<Node> Node::children() const {
  // A cursor, since ts_node_child(i) starts from the first child each time.
  std::vector<Node> out;
  if (!*this) return out;
  out.reserve(ts_node_child_count(node_));
  TSTreeCursor cursor = ts_tree_cursor_new(node_);
  if (ts_tree_cursor_goto_first_child(&cursor)) {
    do out.emplace_back(ts_tree_cursor_current_node(&cursor));
    while (ts_tree_cursor_goto_next_sibling(&cursor));
  }
  ts_tree_cursor_delete(&cursor);
  return out;
}

Node Node::field(std::string_view name) const {
  if (!*this) return {};
  return Node(ts_node_child_by_field_name(node_, name.data(), static_cast<std::uint32_t>(name.size())));
}

Node Node::child(std::string_view kind) const {
  for (const Node& one : children())
    if (one.is(kind)) return one;
  return {};
}

SyntaxTree::SyntaxTree(std::string_view source) {
  const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(), ts_parser_delete);
  if (!ts_parser_set_language(parser.get(), tree_sitter_typescript()))
    throw std::logic_error("the TypeScript grammar and the tree-sitter library do not fit each other");
  tree_.reset(ts_parser_parse_string(parser.get(), nullptr, source.data(),
                                     static_cast<std::uint32_t>(source.size())));
  if (!tree_) throw std::logic_error("tree-sitter gave no tree");
}

}  // namespace athanor::program
