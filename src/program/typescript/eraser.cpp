#include "program/typescript/eraser.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "program/typescript/excerpt.h"
#include "program/typescript/syntax.h"

namespace athanor::program {

namespace {

/// Deeper nesting than any person writes; keeps the walk from exhausting the stack.
constexpr int deepest = 1500;

class Eraser {
 public:
  Eraser(const std::string& source, const std::string& file) : source_(source), out_(source), file_(file) {}

  std::string erase() {
    requireUtf8();
    const SyntaxTree tree(source_);
    walk(tree.root(), 0);
    dropUnusedImports();
    return std::move(out_);
  }

 private:
  struct Import {
    Node statement;
    struct Name {
      Node node;   ///< what to erase
      Node local;  ///< the name it binds
    };
    std::vector<Name> names;
  };

  static std::uint32_t lengthOf(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xC2 ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 0;
  }
  /// What follows counts on whole characters.
  void requireUtf8() const {
    for (std::size_t i = 0; i < source_.size();) {
      const auto length = lengthOf(source_[i]);
      bool whole = length > 0 && i + length <= source_.size();
      for (std::size_t k = 1; whole && k < length; ++k) whole = (source_[i + k] & 0xC0) == 0x80;
      if (!whole)
        throw Error(ErrorCode::program, "SyntaxError: the file is not UTF-8 text")
            .at(placeOf(source_, i, file_));
      i += length;
    }
  }

  std::string_view text(const Node& node) const {
    return std::string_view(source_).substr(node.begin(), node.end() - node.begin());
  }

  [[noreturn]] void fail(const Node& node, const std::string& what, const std::string& instead = "") const {
    auto place = placeOf(source_, node.begin(), file_);
    auto detail = excerpt(source_, place);
    throw Error(ErrorCode::program, "SyntaxError: " + what).at(std::move(place)).with(detail).next(instead);
  }

  /// White space of as many bytes and as many UTF-16 units, so that no column moves.
  void blank(std::uint32_t begin, std::uint32_t end) {
    while (begin < end) {
      const auto length = lengthOf(source_[begin]);
      if (begin + length > end) break;
      if (const auto character = source_.substr(begin, length); !endsLine(character)) {
        const char* space = length == 1   ? " "
                            : length == 2 ? "\u00A0"
                            : length == 3 ? "\u3000"
                                          : "\u00A0\u00A0";
        out_.replace(begin, length, space);
      }
      begin += length;
    }
  }
  static bool endsLine(std::string_view character) {
    return character == "\n" || character == "\r" || character == "\u2028" || character == "\u2029";
  }
  void blank(const Node& node) { blank(node.begin(), node.end()); }
  /// The ';' keeps automatic semicolon insertion from joining the neighbours.
  void blankStatement(const Node& node) {
    blank(node);
    out_[node.begin()] = ';';
  }
  void blankWithComma(const Node& node) {
    const Node after = node.next();
    blank(node.begin(), after.is(",") ? after.end() : node.end());
  }
  bool linesBetween(std::uint32_t begin, std::uint32_t end) const {
    return std::string_view(source_).substr(begin, end - begin).find('\n') != std::string_view::npos;
  }

  void walkChildren(const Node& node, int depth) {
    for (const Node& one : node.children()) walk(one, depth + 1);
  }

  void walk(const Node& node, int depth) {
    if (depth > deepest) fail(node, "this is nested too deeply");
    if (node.is("ERROR")) fail(firstOf(node), fmt::format("unexpected {}", shown(firstOf(node))));
    if (node.missing()) fail(node, fmt::format("expected '{}'", node.kind()));
    if (!node.named()) return;
    refuse(node);
    if (isTypeStatement(node) || isType(node) || isSignature(node)) endsAtLine(node);
    if (isTypeStatement(node)) return blankStatement(node);
    if (isType(node)) return blank(node);
    if (isSignature(node)) return blankStatement(node);
    if (node.isAny({"identifier", "shorthand_property_identifier"})) used_.insert(text(node));
    if (node.is("import_statement")) return import(node);
    if (node.is("export_statement") && exportsOnlyTypes(node)) return blankStatement(node);
    if (node.is("export_specifier") && node.has("type")) return blankWithComma(node);
    if (node.isAny({"as_expression", "satisfies_expression"})) return assertion(node, depth);
    if (node.is("member_expression") && misparsedAssertion(node, depth)) return;
    if (node.is("type_assertion")) return oldAssertion(node, depth);
    if (node.is("public_field_definition") && (node.has("declare") || node.has("abstract")))
      return blankStatement(node);
    if (node.isAny({"required_parameter", "optional_parameter"}) && node.field("pattern").is("this"))
      return blankWithComma(node);

    walkChildren(node, depth);

    if (node.is("non_null_expression")) blank(node.end() - 1, node.end());
    if (node.isAny({"public_field_definition", "method_definition", "abstract_class_declaration",
                    "variable_declarator", "required_parameter", "optional_parameter"}))
      modifiers(node);
    if (node.is("arrow_function")) arrow(node);
    endStatement(node);
  }

  static Node firstOf(Node node) {
    for (auto inner = node.children(); !inner.empty(); inner = node.children()) node = inner.front();
    return node;
  }
  std::string shown(const Node& node) const {
    auto line = text(node).substr(0, 40);
    line = line.substr(0, line.find('\n'));
    return line.empty() ? "end of the text" : fmt::format("'{}'", line);
  }

  static bool isTypeStatement(const Node& node) {
    return node.isAny(
        {"interface_declaration", "type_alias_declaration", "ambient_declaration", "function_signature"});
  }
  static bool isType(const Node& node) {
    return node.isAny({"type_annotation", "type_arguments", "type_parameters", "implements_clause",
                       "asserts_annotation", "type_predicate_annotation"});
  }
  /// Members of a class without a body.
  static bool isSignature(const Node& node) {
    return node.isAny({"index_signature", "method_signature", "abstract_method_signature"});
  }
  /// In TypeScript a type ends where its line ends before `[` or `<`; the grammar reads on.
  void endsAtLine(const Node& type, int depth = 0) const {
    const auto parts = type.children();
    if (depth > deepest) fail(type, "this is nested too deeply");
    if (type.isAny({"lookup_type", "array_type", "generic_type"}) && parts.size() > 1 &&
        linesBetween(parts[0].end(), parts[1].begin()))
      fail(parts[1], "this line would go on with the type before it", "End the line before with `;`.");
    for (const Node& one : parts)
      if (one.named()) endsAtLine(one, depth + 1);
  }
  bool exportsOnlyTypes(const Node& node) const {
    const Node error = node.child("ERROR");  // the grammar does not know `export type * from "…"`
    return node.has("type") || isTypeStatement(node.field("declaration")) || (error && text(error) == "type");
  }

  /// `x as T(…)` and `x as T[…]` are no TypeScript: the grammar has joined two lines.
  static bool beginsWithAssertion(Node node) {
    while (
        node.isAny({"call_expression", "subscript_expression", "member_expression", "non_null_expression"}))
      node = node.children().front();
    return node.isAny({"as_expression", "satisfies_expression"});
  }

  /// What is more than types: it would need code that the user did not write.
  void refuse(const Node& node) const {
    if (node.is("enum_declaration"))
      fail(node, fmt::format("enum {} is more than a type, and cannot be erased", nameOf(node)),
           fmt::format("Write `const {0} = {{ … }} as const;` and, for its type, `type {0} = (typeof "
                       "{0})[keyof typeof {0}];`.",
                       nameOf(node)));
    if (node.isAny({"internal_module", "module"}))
      fail(
          node, fmt::format("namespace {} is more than a type, and cannot be erased", nameOf(node)),
          "Move its contents to a file of their own and import that: `import * as name from \"./name.ts\"`.");
    if (node.isAny({"required_parameter", "optional_parameter"}) &&
        (node.has("accessibility_modifier") || node.has("readonly") || node.has("override_modifier")))
      fail(node, "a parameter that declares a property is more than a type, and cannot be erased",
           "Declare the property in the class and assign it in the constructor: `this.name = name;`.");
    if (node.is("binary_expression") && node.field("operator").is(">") &&
        node.field("right").is("template_string") && node.field("left").field("operator").is("<"))
      fail(node, "type arguments of a tagged template cannot be erased", "Leave them out.");
    if (node.isAny({"call_expression", "subscript_expression"}) && beginsWithAssertion(node))
      fail(node, "the next line would go on with this expression", "End the line with the type with `;`.");
    if (node.is("decorator"))
      fail(node, "decorators are not supported", "Call the function with the class or value instead.");
    if (node.is("import_require_clause") || node.is("import_alias"))
      fail(node, "`import … =` is more than a type, and cannot be erased",
           "Write `import name from \"…\"`, or `const name = other.name;` for an alias.");
    if (node.is("export_statement") && (node.has("=") || (node.has("as") && node.has("namespace"))))
      fail(node, "`export =` belongs to CommonJS, and programs are ES modules", "Write `export default …`.");
    if (node.is("public_field_definition") && node.has("accessor"))
      fail(node, "`accessor` fields are not supported", "Write a getter and a setter.");
  }
  std::string nameOf(const Node& node) const { return std::string(text(node.field("name"))); }

  void import(const Node& statement) {
    for (const Node& one : statement.children()) {
      if (one.is("type") || one.is("typeof")) return blankStatement(statement);
      if (one.is("import_require_clause") || one.is("ERROR") || one.missing()) walk(one, 0);
    }
    const Node clause = statement.child("import_clause");
    if (!clause) return;  // import "side effect"
    Import import{.statement = statement, .names = {}};
    bool bindsNothing = true;
    for (const Node& part : clause.children()) {
      if (part.is("ERROR") || part.missing()) walk(part, 0);
      if (part.is("identifier")) import.names.push_back({part, part});
      if (part.is("namespace_import")) import.names.push_back({part, part.child("identifier")});
      if (part.is("named_imports")) namedImports(part, import);
      if (part.named())
        bindsNothing = bindsNothing && part.is("named_imports") && !part.child("import_specifier");
    }
    if (!bindsNothing) imports_.push_back(std::move(import));
  }
  void namedImports(const Node& list, Import& into) {
    for (const Node& one : list.children()) {
      if (one.is("ERROR") || one.missing()) walk(one, 0);
      if (!one.is("import_specifier")) continue;
      if (one.has("type") || one.has("typeof"))
        blankWithComma(one);
      else
        into.names.push_back({one, one.field("alias") ? one.field("alias") : one.field("name")});
    }
  }
  /// As tsc does without verbatimModuleSyntax: a name never used as a value was a type.
  void dropUnusedImports() {
    for (const auto& [statement, names] : imports_) {
      const auto unused = [&](const Import::Name& one) { return !used_.contains(text(one.local)); };
      if (std::ranges::all_of(names, unused)) {
        blankStatement(statement);
        continue;
      }
      for (const auto& name : names)
        if (name.node.is("import_specifier") && unused(name)) blankWithComma(name.node);
    }
  }

  /// `x as T`, `x satisfies T`
  void assertion(const Node& node, int depth) {
    const auto parts = node.children();
    walk(parts.front(), depth + 1);
    for (const Node& one : parts)
      if (one.is("ERROR") || one.missing()) walk(one, depth + 1);
    if (parts.back().named()) endsAtLine(parts.back());
    blank(parts[1].begin(), node.end());
  }
  /// The grammar takes `x as A.B.C` for `(x as A.B).C`.
  bool misparsedAssertion(const Node& node, int depth) {
    Node inner = node;
    while (inner.is("member_expression")) {
      auto parts = inner.children();
      if (std::ranges::any_of(parts, [](const Node& one) { return one.is("ERROR") || one.missing(); }))
        return false;
      inner = parts.front();
    }
    if (!inner.isAny({"as_expression", "satisfies_expression"})) return false;
    blank(inner.end(), node.end());
    walk(inner, depth + 1);
    return true;
  }
  /// `<T>x`
  void oldAssertion(const Node& node, int depth) {
    const Node value = node.children().back();
    if (linesBetween(node.begin(), value.begin()))
      fail(node, "a type assertion over several lines cannot be erased", "Write `value as Type`.");
    blank(node.begin(), value.begin());
    walk(value, depth + 1);
  }

  /// Keywords and marks that are plain tokens of members and parameters.
  void modifiers(const Node& node) {
    bool leading = true;
    bool erasedFirst = false;
    for (const Node& one : node.children()) {
      const bool modifier = one.isAny(
          {"readonly", "abstract", "declare", "?", "!", "override_modifier", "accessibility_modifier"});
      if (modifier) {
        blank(one);
        erasedFirst = erasedFirst || leading;
      } else {
        // `a = 1 ⏎ readonly [b] = 2` must not become `a = 1 ⏎ [b] = 2`.
        if (leading && erasedFirst && (one.is("computed_property_name") || one.is("*")))
          out_[node.begin()] = ';';
        leading = false;
      }
    }
  }

  /// No line may end before `=>`, nor between `async` or `return` and the parameters: a parenthesis moves to
  /// the other end of the erased type.
  void arrow(const Node& node) {
    const Node parameters = node.field("parameters");
    if (!parameters) return;
    if (const Node result = node.field("return_type")) {
      const auto close = parameters.end() - 1;
      if (linesBetween(close, result.end())) {
        out_[close] = ' ';
        blank(result);
        out_[lastErased(close, result.end())] = ')';
      }
    }
    if (const Node generic = node.field("type_parameters");
        generic && linesBetween(generic.begin(), parameters.begin())) {
      out_[generic.begin()] = '(';
      out_[parameters.begin()] = ' ';
    }
  }
  /// The last byte before `end` that is a plain space in the output.
  std::uint32_t lastErased(std::uint32_t begin, std::uint32_t end) const {
    while (end > begin + 1 && out_[end - 1] != ' ') --end;
    return end - 1;
  }

  /// A statement that ended in a type and had no ';' gets one, lest the next line join it.
  void endStatement(const Node& node) {
    if (!node.isAny({"expression_statement", "lexical_declaration", "variable_declaration",
                     "return_statement", "throw_statement", "public_field_definition", "export_statement"}))
      return;
    if (node.end() == node.begin() || source_[node.end() - 1] == ';' || source_[node.end() - 1] == ' ')
      return;
    if (out_[node.end() - 1] == ' ') out_[node.end() - 1] = ';';
  }

  const std::string& source_;
  std::string out_;
  const std::string& file_;
  std::set<std::string_view> used_;
  std::vector<Import> imports_;
};

void collectAwaits(const Node& node, int depth, std::vector<Node>& out) {
  if (depth > deepest) return;
  if (node.isAny({"function_declaration", "function_expression", "generator_function", "arrow_function",
                  "generator_function_declaration", "method_definition", "class_static_block"}))
    return;
  if (node.is("await_expression")) out.push_back(node);
  if (node.is("for_in_statement") && node.has("await")) out.push_back(node);
  for (const Node& one : node.children()) collectAwaits(one, depth + 1, out);
}

}  // namespace

std::string eraseTypes(const std::string& source, const std::string& file) {
  return Eraser(source, file).erase();
}

std::vector<Extent> topLevelAwaits(const std::string& source, const std::string& file) {
  const SyntaxTree tree(source);
  std::vector<Node> awaits;
  collectAwaits(tree.root(), 0, awaits);
  std::vector<Extent> out;
  out.reserve(awaits.size());
  for (const Node& node : awaits)
    out.push_back({placeOf(source, node.begin(), file), placeOf(source, node.end(), file)});
  return out;
}

}  // namespace athanor::program
