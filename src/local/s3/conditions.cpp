#include "local/s3/conditions.h"

#include <algorithm>
#include <charconv>

#include "aws/text.h"
#include "aws/time.h"
#include "local/s3/refusals.h"

namespace athanor::local::s3 {

namespace {

Refusal unmet(std::string_view condition) {
  return {412,
          "PreconditionFailed",
          "At least one of the pre-conditions you specified did not hold",
          {{"Condition", std::string(condition)}}};
}

/// True where a list of entity tags ("\"a\", W/\"b\"", or "*") has that one. S3 takes them without quotes
/// too.
bool names(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    auto one = aws::trim(list.substr(0, list.find(',')));
    list.remove_prefix(std::min(list.find(','), list.size() - 1) + 1);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one.size() >= 2 && one.starts_with('"') && one.ends_with('"')) one = one.substr(1, one.size() - 2);
    if (one == etag) return true;
  }
  return false;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), out);
  if (text.empty() || error != std::errc{} || end != text.end()) return {};
  return out;
}

}  // namespace

void checkRead(const http::Request& request, const Validators& validators, const ConditionNames& condition) {
  const auto match = request.header(condition.match);
  if (!match.empty()) {
    if (!names(match, validators.etag)) throw unmet("If-Match");
  } else if (const auto since = aws::parseHttpDate(request.header(condition.unmodifiedSince));
             since && validators.modified > *since) {
    throw unmet("If-Unmodified-Since");
  }
  const bool read = condition.match == ConditionNames::read().match;
  const Refusal nothingNew = read ? Refusal(304, "NotModified", "Not Modified") : unmet("If-None-Match");
  const auto noneMatch = request.header(condition.noneMatch);
  if (!noneMatch.empty()) {
    if (names(noneMatch, validators.etag)) throw nothingNew;
  } else if (const auto since = aws::parseHttpDate(request.header(condition.modifiedSince));
             since && validators.modified <= *since) {
    throw nothingNew;
  }
}

void checkWrite(const http::Request& request, const std::string& key,
                const std::optional<Validators>& found) {
  const auto match = request.header("if-match"), noneMatch = request.header("if-none-match");
  if (!noneMatch.empty() && noneMatch != "*")
    throw Refusal(501, "NotImplemented",
                  "A header you provided implies functionality that is not implemented",
                  {{"Header", "If-None-Match"}});
  if (!noneMatch.empty() && found) throw unmet("If-None-Match");
  if (match.empty()) return;
  if (!found) throw noSuchKey(key);
  if (!names(match, found->etag)) throw unmet("If-Match");
}

std::optional<Range> rangeOf(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit) || header.contains(',')) return {};
  const auto asked = header.substr(unit.size());
  const auto dash = asked.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = number(asked.substr(0, dash)), last = number(asked.substr(dash + 1));
  const bool suffix = dash == 0;
  if ((suffix && !last) || (!suffix && !first)) return {};
  if (!suffix && !last && dash + 1 < asked.size()) return {};
  if (!suffix && last && *last < *first) return {};
  const auto from = suffix ? size - std::min(size, *last) : *first;
  if (from >= size || (suffix && *last == 0))
    throw Refusal(416, "InvalidRange", "The requested range is not satisfiable",
                  {{"RangeRequested", std::string(header)}, {"ActualObjectSize", std::to_string(size)}});
  const auto to = suffix || !last ? size - 1 : std::min(*last, size - 1);
  return Range{from, to - from + 1};
}

}  // namespace athanor::local::s3
