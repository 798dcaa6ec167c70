#include "local/cloudcontrol/patch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "local/cloudcontrol/failure.h"
#include "local/cloudcontrol/model.h"

namespace athanor::local::cloudcontrol {

namespace {

constexpr std::size_t deepest = 64;

ApiError malformed(const std::string& why) {
  return apiError("InvalidRequestException", "Invalid patch document: " + why);
}

void normalise(Json& path) {
  auto& text = path.get_ref<std::string&>();
  if (!text.empty() && text.front() != '/') text.insert(text.begin(), '/');
}

/// The document as RFC 6902 has it, every operation whole.
Json parsed(const std::string& document) {
  static const std::set<std::string, std::less<>> operations = {"add",  "remove", "replace",
                                                                "move", "copy",   "test"};
  if (nesting(document) > deepest) throw malformed("it nests too deep");
  auto out = Json::parse(document, nullptr, false);
  if (!out.is_array()) throw malformed("it is not a JSON array of operations");
  for (auto& operation : out) {
    const auto op = stringAt(operation, "op");
    if (!operations.contains(op)) throw malformed(fmt::format("unknown operation '{}'", op));
    if (!operation.contains("path") || !operation["path"].is_string())
      throw malformed(fmt::format("'{}' has no path", op));
    normalise(operation["path"]);
    const bool from = op == "move" || op == "copy";
    if (from && (!operation.contains("from") || !operation["from"].is_string()))
      throw malformed(fmt::format("'{}' has no from", op));
    if (from) normalise(operation["from"]);
    if ((op == "add" || op == "replace" || op == "test") && !operation.contains("value"))
      throw malformed(fmt::format("'{}' has no value", op));
  }
  return out;
}

/// The pointers that an operation writes to.
std::vector<std::string> written(const Json& operation) {
  const auto op = stringAt(operation, "op");
  if (op == "test") return {};
  std::vector<std::string> out{stringAt(operation, "path")};
  if (op == "move") out.push_back(stringAt(operation, "from"));
  return out;
}

void insert(std::vector<std::string>& into, std::string one) {
  if (!one.empty() && std::ranges::find(into, one) == into.end()) into.push_back(std::move(one));
}

std::string properties(std::vector<std::string> pointers) {
  for (auto& one : pointers) one.insert(0, "/properties");
  return fmt::format("{}", fmt::join(pointers, ", "));
}

/// Read-only properties that an operation names outright, changed or not, or that change with what holds
/// them.
std::vector<std::string> readOnlyTouched(const schema::Type& type, const Json& patch, const Json& before,
                                         const Json& after) {
  std::vector<std::string> out;
  for (const auto& operation : patch)
    for (const auto& pointer : written(operation)) insert(out, fixedOn(*type.root, pointer, Fixed::readOnly));
  for (auto& one : changed(*type.root, before, after, Fixed::readOnly)) insert(out, std::move(one));
  return out;
}

void checkWriteOnly(const schema::Type& type, const Json& patch) {
  std::vector<std::string> wrong;
  for (const auto& operation : patch) {
    const auto op = stringAt(operation, "op");
    if (op == "add") continue;
    insert(wrong, writeOnlyOn(*type.root, stringAt(operation, "path")));
    if (operation.contains("from")) insert(wrong, writeOnlyOn(*type.root, stringAt(operation, "from")));
  }
  if (!wrong.empty())
    throw invalid(fmt::format(
        "Invalid patch update: writeOnlyProperties [{}] can only be updated using 'add' operation",
        fmt::join(wrong, ", ")));
}

/// An operation that cannot be done, in the words that AWS has for it.
ApiError impossible(const Json& operation, const Json& before) {
  const auto op = stringAt(operation, "op");
  const auto at = [&](const char* member) -> const Json* {
    try {
      return &before.at(Json::json_pointer(stringAt(operation, member)));
    } catch (const Json::exception&) {
      return nullptr;
    }
  };
  auto name = op;
  for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
  if (op == "test" && at("path")) return invalid("[TEST Operation] value mismatch");
  const bool from = (op == "move" || op == "copy") && !at("from");
  // The path is shown behind an empty first part: "//Code".
  return invalid(fmt::format("[{} Operation] noSuchPath in source, path provided : /{}", name,
                             stringAt(operation, from ? "from" : "path")));
}

/// RFC 6902: one operation after the other, all of them or none.
Json applied(const Json& patch, Json model) {
  for (const auto& operation : patch) {
    try {
      model.patch_inplace(Json::array({operation}));
    } catch (const Json::parse_error& why) {  // a pointer that is none
      throw malformed(fmt::format("'{}' has a path that is no JSON pointer", stringAt(operation, "op")));
    } catch (const Json::exception&) {
      throw impossible(operation, model);
    }
  }
  return model;
}

/// Create-only properties that would have another value. A patch may name one and leave its value as it is,
/// as alchemy's do; leaving it out where it has its default, or a default where there was nothing, is no
/// change either.
std::vector<std::string> createOnlyTouched(const schema::Type& type, const Json& before, const Json& after) {
  Json whole = after;
  fillDefaults(*type.root, whole);
  const auto withDefaults = changed(*type.root, before, whole, Fixed::createOnly);
  auto out = changed(*type.root, before, after, Fixed::createOnly);
  std::erase_if(out,
                [&](const auto& one) { return std::ranges::find(withDefaults, one) == withDefaults.end(); });
  return out;
}

}  // namespace

Json patched(const schema::Type& type, const Json& visible, const std::string& document) {
  const auto patch = parsed(document);
  checkWriteOnly(type, patch);
  const auto after = applied(patch, visible);
  if (!after.is_object()) throw invalid("Model validation failed (#: expected type: JSONObject)");
  if (const auto fixed = readOnlyTouched(type, patch, visible, after); !fixed.empty())
    throw invalid(
        fmt::format("Invalid patch update: readOnlyProperties [{}] cannot be updated", properties(fixed)));
  if (const auto fixed = createOnlyTouched(type, visible, after); !fixed.empty())
    throw apiError(
        "NotUpdatableException",
        fmt::format("Invalid patch update: createOnlyProperties [{}] cannot be updated", properties(fixed)));
  return after;
}

}  // namespace athanor::local::cloudcontrol
