#include "local/s3/cors.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <pugixml.hpp>

#include "aws/text.h"
#include "aws/uri.h"
#include "local/s3/xml.h"

namespace athanor::local::s3 {

namespace {

/// The members of a rule: in XML, and in the resource's model. Texts and lists of texts.
constexpr std::pair<const char*, const char*> lists[] = {
    {"AllowedOrigin", "AllowedOrigins"},
    {"AllowedMethod", "AllowedMethods"},
    {"AllowedHeader", "AllowedHeaders"},
    {"ExposeHeader", "ExposedHeaders"},
};

/// "https://*.example.com" allows "https://a.example.com".
bool matches(std::string_view pattern, std::string_view text) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  const auto before = pattern.substr(0, star), after = pattern.substr(star + 1);
  return text.size() >= before.size() + after.size() && text.starts_with(before) && text.ends_with(after);
}

bool anyMatches(const Json& rule, const char* name, std::string_view text) {
  if (!rule.contains(name)) return false;
  return std::ranges::any_of(
      rule[name], [&](const Json& one) { return one.is_string() && matches(one.get<std::string>(), text); });
}

std::vector<std::string> commaSeparated(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto comma = text.find(',');
    if (auto one = aws::lower(aws::trim(text.substr(0, comma))); !one.empty()) out.push_back(std::move(one));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

struct Asked {
  std::string origin, method;
  std::vector<std::string> headers;
};

bool allows(const Json& rule, const Asked& asked) {
  return anyMatches(rule, "AllowedOrigins", asked.origin) &&
         anyMatches(rule, "AllowedMethods", asked.method) &&
         std::ranges::all_of(asked.headers, [&](const std::string& header) {
           if (!rule.contains("AllowedHeaders")) return false;
           return std::ranges::any_of(rule["AllowedHeaders"], [&](const Json& one) {
             return one.is_string() && matches(aws::lower(one.get<std::string>()), header);
           });
         });
}

/// For buckets without a configuration: pages of this machine may read.
Json usualRule(const std::string& origin) {
  const auto uri = aws::parseUri(origin);
  if (!uri || !uri->loopback()) return {};
  return {{"AllowedOrigins", {origin}},
          {"AllowedMethods", {"GET", "HEAD"}},
          {"AllowedHeaders", {"*"}},
          {"ExposedHeaders", {"ETag", "Content-Length", "Content-Range", "Accept-Ranges", "Last-Modified"}}};
}

std::optional<Json> configured(const Json& model) {
  const Json::json_pointer at("/CorsConfiguration/CorsRules");
  if (!model.contains(at) || !model.at(at).is_array()) return {};
  return model.at(at);
}

/// The rule of a bucket by which a page may ask; none where none allows it.
std::optional<Json> ruleFor(Shop& shop, const Exchange& exchange, const Asked& asked) {
  const auto bucket = shop.index.bucket(exchange.call.bucket, exchange.caller);
  if (!bucket) return {};
  const auto rules = configured(shop.modelOf(*bucket)).value_or(Json::array({usualRule(asked.origin)}));
  const auto found =
      std::ranges::find_if(rules, [&](const Json& rule) { return rule.is_object() && allows(rule, asked); });
  if (found == rules.end()) return {};
  return *found;
}

void tellRule(const Json& rule, const Asked& asked, http::Headers& headers) {
  const bool anyone = rule["AllowedOrigins"] == Json::array({"*"});
  headers.emplace_back("Access-Control-Allow-Origin", anyone ? "*" : asked.origin);
  if (!anyone) headers.emplace_back("Access-Control-Allow-Credentials", "true");
  headers.emplace_back(
      "Access-Control-Allow-Methods",
      fmt::format("{}", fmt::join(rule["AllowedMethods"].get<std::vector<std::string>>(), ", ")));
  if (rule.contains("ExposedHeaders"))
    headers.emplace_back(
        "Access-Control-Expose-Headers",
        fmt::format("{}", fmt::join(rule["ExposedHeaders"].get<std::vector<std::string>>(), ", ")));
  if (rule.contains("MaxAge")) headers.emplace_back("Access-Control-Max-Age", rule["MaxAge"].dump());
  headers.emplace_back("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
}

Asked askedBy(const Exchange& exchange) {
  return {std::string(exchange.call.header("origin")), exchange.call.method(), {}};
}

void checkRule(const Json& rule) {
  for (const char* needed : {"AllowedOrigins", "AllowedMethods"})
    if (!rule.contains(needed)) throw malformedXml();
  for (const auto& method : rule["AllowedMethods"])
    if (const auto name = method.get<std::string>();
        name != "GET" && name != "PUT" && name != "POST" && name != "DELETE" && name != "HEAD")
      throw Refusal(
          400, "InvalidRequest",
          fmt::format("Found unsupported HTTP method in CORS config. Unsupported method is {}", name));
  for (const char* list : {"AllowedOrigins", "AllowedHeaders"})
    for (const auto& one : rule.value(list, Json::array()))
      if (std::ranges::count(one.get<std::string>(), '*') > 1)
        throw Refusal(400, "InvalidRequest",
                      fmt::format("{} \"{}\" can not have more than one wildcard.",
                                  std::string_view(list).substr(0, std::string_view(list).size() - 1),
                                  one.get<std::string>()));
}

}  // namespace

Json corsRulesOf(const std::string& xml) {
  constexpr std::size_t most = 100;
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size()) || !document.child("CORSConfiguration"))
    throw malformedXml();
  Json rules = Json::array();
  for (const auto node : document.child("CORSConfiguration").children("CORSRule")) {
    Json rule = Json::object();
    for (const auto& [element, member] : lists)
      for (const auto one : node.children(element)) rule[member].push_back(one.child_value());
    if (const auto id = node.child("ID")) rule["Id"] = id.child_value();
    if (const auto age = node.child("MaxAgeSeconds")) {
      const std::string_view text = age.child_value();
      int seconds = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
      if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) throw malformedXml();
      rule["MaxAge"] = seconds;
    }
    checkRule(rule);
    rules.push_back(std::move(rule));
  }
  if (rules.empty() || rules.size() > most) throw malformedXml();
  return rules;
}

std::string corsXml(const Json& rules) {
  Xml xml("CORSConfiguration");
  for (const auto& rule : rules) {
    xml.open("CORSRule");
    if (rule.contains("Id")) xml.text("ID", rule["Id"].get<std::string>());
    for (const auto& [element, member] : lists)
      for (const auto& one : rule.value(member, Json::array())) xml.text(element, one.get<std::string>());
    if (rule.contains("MaxAge")) xml.number("MaxAgeSeconds", rule["MaxAge"].get<std::uint64_t>());
    xml.close("CORSRule");
  }
  return std::move(xml).done();
}

http::Response preflight(Shop& shop, Exchange& exchange) {
  const auto& call = exchange.call;
  Asked asked{std::string(call.header("origin")), std::string(call.header("access-control-request-method")),
              commaSeparated(call.header("access-control-request-headers"))};
  if (asked.origin.empty())
    throw Refusal(400, "BadRequest", "Insufficient information. Origin request header needed.");
  if (asked.method.empty()) throw Refusal(400, "BadRequest", "Invalid Access-Control-Request-Method: null");
  const auto rule = ruleFor(shop, exchange, asked);
  if (!rule) {
    const auto bucket = shop.bucketOf(exchange);
    throw Refusal(
        403, "AccessForbidden",
        configured(shop.modelOf(bucket))
            ? "CORSResponse: This CORS request is not allowed. This is usually because the evalution "
              "of Origin, request method / Access-Control-Request-Method or "
              "Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
            : "CORSResponse: CORS is not enabled for this bucket.",
        {{"Method", asked.method}, {"ResourceType", call.key.empty() ? "BUCKET" : "OBJECT"}});
  }
  http::Response out;
  tellRule(*rule, asked, out.headers);
  if (!asked.headers.empty())
    out.headers.emplace_back("Access-Control-Allow-Headers",
                             fmt::format("{}", fmt::join(asked.headers, ", ")));
  return out;
}

void allowOrigin(Shop& shop, const Exchange& exchange, http::Response& response) {
  if (exchange.call.method() == "OPTIONS") return;
  const auto asked = askedBy(exchange);
  if (const auto rule = ruleFor(shop, exchange, asked)) tellRule(*rule, asked, response.headers);
}

void refuseForeignPages(Shop& shop, const Exchange& exchange) {
  const auto& method = exchange.call.method();
  if (exchange.call.header("origin").empty() || method == "GET" || method == "HEAD" || method == "OPTIONS")
    return;
  if (!ruleFor(shop, exchange, askedBy(exchange)))
    throw Refusal(403, "AccessDenied",
                  fmt::format("The CORS configuration of the bucket does not let pages of {} change it.",
                              exchange.call.header("origin")));
}

}  // namespace athanor::local::s3
