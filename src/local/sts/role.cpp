#include "local/sts/role.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

namespace athanor::local::sts {

namespace {

bool isWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_+=,.@-").contains(c);
}

/// Collects what is wrong, to tell it all at once.
class Problems {
 public:
  void add(const std::string& value, std::string_view at, const std::string& constraint) {
    found_.push_back(
        fmt::format("Value {} at '{}' failed to satisfy constraint: Member must {}", value, at, constraint));
  }
  /// False where there is no value.
  bool present(const std::optional<std::string>& value, std::string_view at) {
    if (!value) add("null", at, "not be null");
    return value.has_value();
  }
  void length(const std::string& value, std::string_view at, std::size_t least, std::size_t most) {
    if (value.size() < least)
      add("'" + value + "'", at, fmt::format("have length greater than or equal to {}", least));
    if (value.size() > most)
      add("'" + value + "'", at, fmt::format("have length less than or equal to {}", most));
  }
  void tell() const {
    if (!found_.empty())
      throw Invalid(fmt::format("{} validation error{} detected: {}", found_.size(),
                                found_.size() == 1 ? "" : "s", fmt::join(found_, "; ")));
  }

 private:
  std::vector<std::string> found_;
};

void check(Problems& problems, const std::optional<std::string>& text, DurationRange range, long& seconds) {
  seconds = range.usual;
  if (!text) return;
  seconds = 0;
  std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (seconds < range.least)
    problems.add("'" + *text + "'", "durationSeconds",
                 fmt::format("have value greater than or equal to {}", range.least));
  if (seconds > range.most)
    problems.add("'" + *text + "'", "durationSeconds",
                 fmt::format("have value less than or equal to {}", range.most));
}

/// "arn:aws:iam::123456789012:role/path/Name".
struct RoleArn {
  std::string_view partition, account, name;
};

std::optional<RoleArn> parse(std::string_view arn) {
  std::string_view parts[5];
  for (auto& part : parts) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    part = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  const RoleArn out{parts[1], parts[4], arn.substr(arn.rfind('/') + 1)};
  const bool account = out.account.size() == 12 &&
                       std::ranges::all_of(out.account, [](char c) { return c >= '0' && c <= '9'; });
  const bool good = parts[0] == "arn" && out.partition.starts_with("aws") &&
                    std::ranges::all_of(out.partition, isWord) && parts[2] == "iam" && parts[3].empty() &&
                    account && arn.starts_with("role/") && !out.name.empty() && out.name.size() <= 64 &&
                    std::ranges::all_of(out.name, isWord);
  return good ? std::optional(out) : std::nullopt;
}

}  // namespace

Role readRole(const RoleRequest& request) {
  Problems problems;
  long seconds = 0;
  if (problems.present(request.arn, "roleArn")) problems.length(*request.arn, "roleArn", 20, 2048);
  if (problems.present(request.sessionName, "roleSessionName")) {
    problems.length(*request.sessionName, "roleSessionName", 2, 64);
    if (!std::ranges::all_of(*request.sessionName, isWord))
      problems.add("'" + *request.sessionName + "'", "roleSessionName",
                   "satisfy regular expression pattern: [\\w+=,.@-]*");
  }
  check(problems, request.seconds, {900, 43'200, 3600}, seconds);
  problems.tell();
  const auto arn = parse(*request.arn);
  if (!arn) throw Invalid(*request.arn + " is invalid");
  return {.partition = std::string(arn->partition),
          .principal = {std::string(arn->account),
                        fmt::format("assumed-role/{}/{}", arn->name, *request.sessionName),
                        fmt::format("{}:{}", auth::uniqueId("AROA", *request.arn), *request.sessionName)},
          .life = std::chrono::seconds(seconds)};
}

std::chrono::seconds readDuration(const std::optional<std::string>& text, DurationRange range) {
  Problems problems;
  long seconds = 0;
  check(problems, text, range, seconds);
  problems.tell();
  return std::chrono::seconds(seconds);
}

}  // namespace athanor::local::sts
