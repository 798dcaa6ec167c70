#include "schema/policy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>
#include <vector>

namespace athanor::schema {

namespace {

// What IAM reads as the same, from its "Grammar of the IAM JSON policy language" and "IAM JSON policy
// elements reference" (IAM User Guide): one value may stand without its brackets; the order of statements and
// values has no meaning; a policy without a version is of 2008-10-17; an empty Sid is none; an account's
// number as a principal is the ARN of its root; conditions take numbers and booleans with and without quotes.

/// `value` as a set, a single one as well.
Json asSet(const Json& value) {
  Json out = value.is_array() ? value : Json::array({value});
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Json texts(const Json& value) {
  Json out = Json::array();
  for (const auto& one : value.is_array() ? value : Json::array({value}))
    out.push_back(one.is_boolean() || one.is_number() ? Json(one.dump()) : one);
  return asSet(out);
}

/// "123456789012" of "arn:aws:iam::123456789012:root".
Json account(const Json& principal) {
  if (!principal.is_string()) return principal;
  const auto& text = principal.get_ref<const std::string&>();
  constexpr std::string_view middle = ":iam::", end = ":root";
  const auto at = text.find(middle);
  if (!text.starts_with("arn:aws") || at == std::string::npos || !text.ends_with(end)) return principal;
  const auto number = text.substr(at + middle.size(), text.size() - at - middle.size() - end.size());
  const bool digits = std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
  return digits && number.size() == 12 ? Json(number) : principal;
}

Json plainPrincipal(const Json& principal) {
  if (!principal.is_object()) return principal;
  Json out = Json::object();
  for (const auto& [kind, values] : principal.items()) {
    Json plain = values.is_array() ? values : Json::array({values});
    if (kind == "AWS")
      for (auto& one : plain) one = account(one);
    out[kind] = asSet(plain);
  }
  return out;
}

Json plainCondition(const Json& condition) {
  Json out = condition;
  if (!out.is_object()) return out;
  for (auto& [comparison, keys] : out.items())
    if (keys.is_object())
      for (auto& [key, values] : keys.items()) values = texts(values);
  return out;
}

Json plainStatement(const Json& statement) {
  Json out = Json::object();
  for (const auto& [key, value] : statement.items()) {
    if (key == "Sid" && value == "") continue;
    if (key == "Action" || key == "NotAction" || key == "Resource" || key == "NotResource")
      out[key] = asSet(value);
    else if (key == "Principal" || key == "NotPrincipal")
      out[key] = plainPrincipal(value);
    else
      out[key] = key == "Condition" ? plainCondition(value) : value;
  }
  return out;
}

bool isStatement(const Json& value) {
  return value.is_object() && (stringAt(value, "Effect") == "Allow" || stringAt(value, "Effect") == "Deny") &&
         (value.contains("Action") || value.contains("NotAction"));
}

bool isPolicy(const Json& document) {
  if (!document.is_object()) return false;
  const auto statement = document.find("Statement");
  if (statement == document.end()) return false;
  return isStatement(*statement) ||
         (statement->is_array() && !statement->empty() && std::ranges::all_of(*statement, isStatement));
}

Json plainPolicy(const Json& policy) {
  Json out = policy;
  Json statements = Json::array();
  const auto& given = policy["Statement"];
  for (const auto& one : given.is_array() ? given : Json::array({given}))
    statements.push_back(plainStatement(one));
  out["Statement"] = asSet(statements);
  if (!out.contains("Version")) out["Version"] = "2008-10-17";
  return out;
}

Json plainNumbers(const Json& value) {
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    return number == std::floor(number) && std::abs(number) < 9e15 ? Json(static_cast<std::int64_t>(number))
                                                                   : value;
  }
  Json out = value;
  if (out.is_structured())
    for (auto& inner : out) inner = plainNumbers(inner);
  return out;
}

}  // namespace

std::optional<Json> documentOf(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || (text[first] != '{' && text[first] != '[')) return std::nullopt;
  bool unharmed = true;
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key)
      unharmed = keys.back().insert(value.get<std::string>()).second && unharmed;
    if (event == Json::parse_event_t::value && value.is_number_float()) unharmed = false;
    return true;
  };
  auto document = Json::parse(text, watch, false);
  if (document.is_discarded() || !unharmed) return std::nullopt;
  return document;
}

Json plainDocument(const Json& document) {
  auto plain = plainNumbers(document);
  return isPolicy(plain) ? plainPolicy(plain) : plain;
}

}  // namespace athanor::schema
