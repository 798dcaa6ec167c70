#include "schema/rules.h"

#include <algorithm>

#include "base/reference.h"
#include "schema/pick.h"
#include "schema/words.h"

namespace athanor::schema {

namespace {
struct Found {
  std::string pointer;
  const Json* value;
};

/// Every value at `pointer`, in which "*" stands for any item of a list.
void lookUp(const Json& value, std::string_view pointer, const std::string& at, std::vector<Found>& out) {
  if (pointer.empty()) {
    if (!(value.is_structured() && value.empty())) out.push_back({at, &value});
    return;
  }
  pointer.remove_prefix(1);
  const auto end = std::min(pointer.find('/'), pointer.size());
  const auto token = pointer.substr(0, end);
  const auto rest = pointer.substr(end);
  if (value.is_array() && token == "*") {
    for (std::size_t i = 0; i < value.size(); ++i) lookUp(value[i], rest, at + "/" + std::to_string(i), out);
  } else if (value.is_object() && !isUnknown(value)) {
    const auto key = unescapePointer(token);
    if (const auto inner = value.find(key); inner != value.end())
      lookUp(*inner, rest, at + "/" + std::string(token), out);
  }
}

std::vector<Found> lookUp(const Json& props, const std::string& pointer) {
  std::vector<Found> out;
  lookUp(props, pointer, "", out);
  return out;
}

bool applies(const Type::Rule& rule, const Json& value) {
  if (rule.equals.empty()) return true;
  return !isUnknown(value) && (value.is_string() ? value.get<std::string>() : value.dump()) == rule.equals;
}

/// A part of the path to it is not known yet, so that it may be there.
bool mayStandAt(const Json& props, const std::string& pointer) {
  for (auto end = pointer.size(); end != 0 && end != std::string::npos; end = pointer.rfind('/', end - 1))
    for (const auto& part : lookUp(props, pointer.substr(0, end)))
      if (isUnknown(*part.value)) return true;
  return false;
}
}  // namespace

std::vector<Broken> brokenRules(const Type& type, const Json& props) {
  std::vector<Broken> out;
  for (const auto& rule : type.rules) {
    const auto whens = lookUp(props, rule.when);
    const auto when =
        std::ranges::find_if(whens, [&](const auto& found) { return applies(rule, *found.value); });
    if (when == whens.end()) continue;
    if (!rule.needs.empty() && lookUp(props, rule.needs).empty() && !mayStandAt(props, rule.needs))
      out.push_back({when->pointer, shown(*when->value), rule.text});
    if (rule.excludes.empty()) continue;
    if (const auto excluded = lookUp(props, rule.excludes); !excluded.empty())
      out.push_back({excluded.front().pointer, shown(*excluded.front().value), rule.text});
  }
  return out;
}

}  // namespace athanor::schema
