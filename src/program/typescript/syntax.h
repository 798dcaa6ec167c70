#pragma once

#include <tree_sitter/api.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace athanor::program {

/// A node of a syntax tree: a small value that is good as long as its tree. A null node has no kind, no text
/// and no children.
class Node {
 public:
  Node() = default;
  explicit Node(TSNode node) : node_(node) {}

  explicit operator bool() const { return !ts_node_is_null(node_); }
  /// The grammar's name of it: "identifier", or the token itself: "=>".
  std::string_view kind() const { return *this ? std::string_view(ts_node_type(node_)) : ""; }
  bool is(std::string_view kind) const { return this->kind() == kind; }
  bool isAny(std::initializer_list<std::string_view> kinds) const;
  bool named() const { return ts_node_is_named(node_); }
  bool missing() const { return ts_node_is_missing(node_); }
  bool operator==(const Node& other) const { return ts_node_eq(node_, other.node_); }

  /// Byte offsets, end exclusive.
  std::uint32_t begin() const { return ts_node_start_byte(node_); }
  std::uint32_t end() const { return ts_node_end_byte(node_); }

  std::vector<Node> children() const;
  Node field(std::string_view name) const;
  /// The first child of that kind, or a null node.
  Node child(std::string_view kind) const;
  bool has(std::string_view kind) const { return static_cast<bool>(child(kind)); }
  Node next() const { return Node(ts_node_next_sibling(node_)); }

 private:
  TSNode node_{};
};

/// The syntax tree of TypeScript text. JavaScript parses too.
class SyntaxTree {
 public:
  explicit SyntaxTree(std::string_view source);
  Node root() const { return Node(ts_tree_root_node(tree_.get())); }

 private:
  struct Delete {
    void operator()(TSTree* tree) const { ts_tree_delete(tree); }
  };
  std::unique_ptr<TSTree, Delete> tree_;
};

}  // namespace athanor::program
