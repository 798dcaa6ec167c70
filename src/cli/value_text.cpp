#include "cli/value_text.h"

#include <fmt/format.h>

#include "schema/casing.h"
#include "state/secrets.h"

namespace athanor::cli {

namespace {
constexpr auto hiddenKey = "$athanor.hidden";

/// Text that does not stop at invalid UTF-8, and escapes every control character.
std::string dumped(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string textOf(const Json& pieces) {
  std::string out;
  for (const auto& piece : pieces) {
    if (const auto reference = asReference(piece)) {
      out += "${" + referenceText(*reference) + "}";
    } else {
      const auto quoted = dumped(piece);
      out += quoted.substr(1, quoted.size() - 2);
    }
  }
  return "`" + out + "`";
}

/// `depth` < 0 writes one line.
void write(std::string& out, const Json& value, int depth) {
  if (const auto reference = asReference(value)) {
    out += "(from " + referenceText(*reference) + ")";
    return;
  }
  if (isHidden(value)) {
    out += "(sensitive)";
    return;
  }
  if (state::isSealed(value)) {
    out += "(sealed)";
    return;
  }
  if (isUnknown(value)) {
    out += textOf(value.begin().value());
    return;
  }
  if (!value.is_structured() || value.empty()) {
    out += dumped(value);
    return;
  }
  const bool object = value.is_object();
  const int inner = depth < 0 ? -1 : depth + 1;
  const auto lineAt = [&](int level) {
    if (level >= 0) out += "\n" + std::string(static_cast<std::size_t>(level) * 2, ' ');
  };
  out += object ? "{" : "[";
  bool first = true;
  for (const auto& [key, member] : value.items()) {
    if (!first) out += depth < 0 ? ", " : ",";
    first = false;
    lineAt(inner);
    if (object) out += dumped(key) + ": ";
    write(out, member, inner);
  }
  if (depth >= 0) lineAt(depth);
  out += object ? "}" : "]";
}
}  // namespace

std::string referenceText(const Reference& reference) {
  std::string path;
  std::string_view rest = reference.path;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto token = rest.substr(0, rest.find('/'));
    path += "." + schema::camelCase(token);
    rest.remove_prefix(token.size());
  }
  return reference.id + path;
}

Json withoutSecrets(Json tree, const std::vector<std::string>& pointers) {
  for (const auto& pointer : pointers)
    if (const Json::json_pointer at(pointer); tree.contains(at)) tree[at] = Json{{hiddenKey, true}};
  return tree;
}

bool isHidden(const Json& value) {
  return value.is_object() && value.size() == 1 && value.begin().key() == hiddenKey;
}

std::string valueText(const Json& value) {
  if (value.is_null()) return "(none)";
  std::string out;
  write(out, value, -1);
  return out;
}

std::string valueLines(const Json& value) {
  if (value.is_null()) return "(none)";
  std::string out;
  write(out, value, 0);
  return out;
}

}  // namespace athanor::cli
