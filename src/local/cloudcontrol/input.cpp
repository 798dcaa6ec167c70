#include "local/cloudcontrol/input.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

#include "local/cloudcontrol/failure.h"
#include "local/cloudcontrol/model.h"

namespace athanor::local::cloudcontrol {

namespace {

bool alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isTypeName(std::string_view text) {
  for (int parts = 1;; ++parts) {
    const auto end = std::min(text.find("::"), text.size());
    if (end < 2 || end > 64 || !std::ranges::all_of(text.substr(0, end), alphanumeric)) return false;
    if (end == text.size()) return parts == 3;
    text.remove_prefix(end + 2);
  }
}

bool isToken(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return alphanumeric(c) || c == '-' || c == '+' || c == '/' || c == '='; });
}

bool isVersion(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return alphanumeric(c) || c == '-'; });
}

bool isRoleArn(std::string_view text) {
  static const std::regex form("arn:.+:iam::[0-9]{12}:role/.+");
  return text.size() <= 2048 &&
         std::regex_match(text.begin(), text.end(), form);  // it recurses on the length
}

bool isLine(std::string_view text) { return text.find('\n') == std::string_view::npos; }

ApiError unreadable(const std::string& why) {
  return {"com.amazon.coral.service#SerializationException", why};
}

constexpr std::size_t deepest = 64;

}  // namespace

namespace form {
const Input::Form typeName{10, 196, isTypeName, "[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}"};
const Input::Form identifier{1, 1024, isLine, ".+"};
const Input::Form clientToken{1, 128, isToken, "[-A-Za-z0-9+/=]+"};
const Input::Form requestToken{1, 128, isToken, "[-A-Za-z0-9+/=]+"};
const Input::Form nextToken{1, 2048, isToken, "[-A-Za-z0-9+/=]+"};
const Input::Form handlerNextToken{1, 4096, isLine, ".+"};
const Input::Form roleArn{20, 2048, isRoleArn, "arn:.+:iam::[0-9]{12}:role/.+"};
const Input::Form typeVersionId{1, 128, isVersion, "[A-Za-z0-9-]+"};
const Input::Form model{1, 262144, nullptr, ""};
const Input::Form patch{1, 262144, nullptr, ""};
}  // namespace form

std::int64_t pageFrom(const std::string& nextToken, std::int64_t fallback) {
  if (nextToken.empty()) return fallback;
  if (nextToken.size() > 18 || nextToken.find_first_not_of("0123456789") != std::string::npos)
    throw apiError("InvalidRequestException", "Invalid NextToken");
  return std::stoll(nextToken);
}

Input::Input(std::string_view body) {
  if (body.empty()) body = "{}";
  if (nesting(body) > deepest) throw unreadable("The request nests too deep.");
  body_ = Json::parse(body, nullptr, false);
  if (!body_.is_object()) throw unreadable("The request's body is not a JSON object.");
}

const Json* Input::member(std::string_view name) const {
  const auto found = body_.find(name);
  return found == body_.end() || found->is_null() ? nullptr : &*found;
}

void Input::violation(std::string_view member, const std::string& value, const std::string& constraint) {
  std::string shown(member);
  shown.front() = static_cast<char>(shown.front() - 'A' + 'a');
  violations_.push_back(
      fmt::format("Value {} at '{}' failed to satisfy constraint: {}", value, shown, constraint));
}

std::string Input::required(std::string_view name, const Form& form) {
  if (!member(name)) violation(name, "null", "Member must not be null");
  return optional(name, form);
}

std::string Input::optional(std::string_view name, const Form& form) {
  const auto* found = member(name);
  if (!found) return "";
  if (!found->is_string()) throw unreadable(fmt::format("{} is not a string.", name));
  const auto& text = found->get_ref<const std::string&>();
  const auto quoted = "'" + text.substr(0, 256) + "'";
  if (text.size() < form.least)
    violation(name, quoted, fmt::format("Member must have length greater than or equal to {}", form.least));
  if (text.size() > form.most)
    violation(name, quoted, fmt::format("Member must have length less than or equal to {}", form.most));
  if (form.fits && !form.fits(text))
    violation(name, quoted, fmt::format("Member must satisfy regular expression pattern: {}", form.pattern));
  return text;
}

std::int64_t Input::integer(std::string_view name, std::int64_t least, std::int64_t most,
                            std::int64_t fallback) {
  const auto* found = member(name);
  if (!found) return fallback;
  if (!found->is_number_integer()) throw unreadable(fmt::format("{} is not an integer.", name));
  const auto value = found->get<std::int64_t>();
  const auto quoted = fmt::format("'{}'", found->dump());
  if (value < least)
    violation(name, quoted, fmt::format("Member must have value greater than or equal to {}", least));
  if (value > most)
    violation(name, quoted, fmt::format("Member must have value less than or equal to {}", most));
  return value;
}

std::vector<std::string> Input::words(std::string_view object, std::string_view list,
                                      const std::vector<std::string_view>& allowed) {
  const auto* outer = member(object);
  if (!outer) return {};
  if (!outer->is_object()) throw unreadable(fmt::format("{} is not an object.", object));
  const auto found = outer->find(list);
  if (found == outer->end() || found->is_null()) return {};
  if (!found->is_array()) throw unreadable(fmt::format("{} is not a list.", list));
  std::vector<std::string> out;
  for (const auto& word : *found) {
    if (!word.is_string()) throw unreadable(fmt::format("{} holds what is not a string.", list));
    out.push_back(word.get<std::string>());
    if (std::ranges::find(allowed, out.back()) == allowed.end())
      violation(list, found->dump(),
                fmt::format("Member must satisfy constraint: [Member must satisfy enum value set: [{}]]",
                            fmt::join(allowed, ", ")));
  }
  return out;
}

void Input::check() const {
  if (violations_.empty()) return;
  throw invalid(fmt::format("{} validation error{} detected: {}", violations_.size(),
                            violations_.size() == 1 ? "" : "s", fmt::join(violations_, "; ")));
}

}  // namespace athanor::local::cloudcontrol
