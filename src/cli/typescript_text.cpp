#include "cli/typescript_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/reference.h"
#include "schema/casing.h"

namespace athanor::cli {

namespace {

constexpr std::size_t width = 100;

/// What is no name for a variable of a module (ECMA-262, "Keywords and Reserved Words"), and what would hide
/// what the program needs.
constexpr std::array reserved = {
    "AWS",      "arguments", "await",      "break",     "case",      "catch",    "class",  "const",
    "continue", "debugger",  "default",    "delete",    "do",        "else",     "enum",   "eval",
    "export",   "extends",   "false",      "finally",   "for",       "function", "if",     "implements",
    "import",   "in",        "instanceof", "interface", "let",       "new",      "null",   "package",
    "private",  "protected", "public",     "return",    "static",    "super",    "switch", "this",
    "throw",    "true",      "try",        "typeof",    "undefined", "var",      "void",   "while",
    "with",     "yield"};

bool isNamePart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

bool isName(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, isNamePart) && (text[0] < '0' || text[0] > '9');
}

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A key in an object literal. `__proto__: x` would set the prototype.
std::string keyText(const std::string& key) {
  if (key == "__proto__") return "[\"__proto__\"]";
  return isName(key) ? key : quoted(key);
}

std::string referenceExpression(const Reference& reference) {
  auto out = variableName(reference.id);
  std::string_view rest = reference.path;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto token = rest.substr(0, rest.find('/'));
    rest.remove_prefix(token.size());
    const auto key = schema::camelCase(unescapePointer(token));
    const bool index = std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; });
    out += isName(key) ? "." + key : fmt::format("[{}]", index && !key.empty() ? key : quoted(key));
  }
  return out;
}

/// The pieces of a text as a template literal.
std::string templateLiteral(const Json& pieces) {
  std::string out = "`";
  for (const auto& piece : pieces) {
    if (const auto reference = asReference(piece)) {
      out += "${" + referenceExpression(*reference) + "}";
      continue;
    }
    const auto text = quoted(piece.is_string() ? piece.get<std::string>() : piece.dump());
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      const bool quote = text[i] == '\\' && text[i + 1] == '"';
      if (quote) continue;
      if (text[i] == '`' || (text[i] == '$' && text[i + 1] == '{')) out += '\\';
      out += text[i];
      if (text[i] == '\\') out += text[++i];
    }
  }
  return out + "`";
}

std::string oneLine(const Json& value) {
  if (const auto reference = asReference(value)) return referenceExpression(*reference);
  if (isUnknown(value)) return templateLiteral(value.begin().value());
  if (value.is_string()) return quoted(value.get<std::string>());
  if (!value.is_structured()) return value.dump();
  std::vector<std::string> parts;
  for (const auto& [key, inner] : value.items())
    parts.push_back(value.is_object() ? keyText(key) + ": " + oneLine(inner) : oneLine(inner));
  if (parts.empty()) return value.is_object() ? "{}" : "[]";
  const auto all = fmt::format("{}", fmt::join(parts, ", "));
  return value.is_object() ? "{ " + all + " }" : "[" + all + "]";
}

/// The lines between the brackets of an object or list, each ended.
std::string members(const Json& value, std::size_t indent) {
  std::string out;
  const std::string margin(indent, ' ');
  for (const auto& [key, inner] : value.items()) {
    const auto label = value.is_object() ? keyText(key) + ": " : "";
    out += margin + label + typescriptValue(inner, indent, indent + label.size()) + ",\n";
  }
  return out;
}

}  // namespace

std::string variableName(const std::string& id) {
  std::string out = id;
  std::ranges::replace_if(out, [](char c) { return !isNamePart(c); }, '_');
  if (out.empty() || (out[0] >= '0' && out[0] <= '9')) out.insert(out.begin(), '_');
  return std::ranges::find(reserved, out) == reserved.end() ? out : out + "_";
}

std::string typescriptValue(const Json& value, std::size_t indent, std::size_t column) {
  auto line = oneLine(value);
  const bool breaks = value.is_structured() && !value.empty() && !isUnknown(value);
  if (!breaks || column + line.size() < width) return line;
  const auto inside = members(value, indent + 2) + std::string(indent, ' ');
  return value.is_object() ? "{\n" + inside + "}" : "[\n" + inside + "]";
}

std::string typescriptText(const TypescriptDeclaration& declaration) {
  std::string call;
  for (std::size_t begin = 0; begin <= declaration.type.size();) {
    const auto end = std::min(declaration.type.find("::", begin), declaration.type.size());
    call += (call.empty() ? "" : ".") + declaration.type.substr(begin, end - begin);
    begin = end + 2;
  }
  auto out =
      fmt::format("const {} = await {}({}, {{", variableName(declaration.id), call, quoted(declaration.id));
  if (!declaration.props.empty() || !declaration.comments.empty()) out += "\n";
  for (const auto& comment : declaration.comments) out += "  // " + comment + "\n";
  out += members(declaration.props, 2) + "}";
  if (!declaration.options.empty()) out += ", " + typescriptValue(declaration.options, 0, 3);
  return out + ");\n";
}

}  // namespace athanor::cli
