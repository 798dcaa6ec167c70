#include "cli/local_aws.h"

#include <utility>

#include "base/json.h"

namespace athanor::cli {

namespace {
constexpr auto usualUrl = "http://127.0.0.1:4566";
}  // namespace

std::optional<LocalAws> healthOf(Loop& loop, aws::HttpClient& http, const std::string& url) {
  aws::HttpRequest request;
  request.url = url + "/_athanor/health";
  request.timeout = std::chrono::milliseconds(2000);
  request.connectTimeout = std::chrono::milliseconds(500);
  try {
    const auto answer = runTask(loop, http.send(std::move(request)));
    if (answer.status != 200) return {};
    const auto health = parseJson(answer.body, "the answer of " + url);
    if (!health.is_object() || !health.contains("athanor")) return {};
    return LocalAws{.url = url, .id = stringAt(health, "id"), .data = stringAt(health, "data")};
  } catch (const Error&) {
    return {};
  }
}

std::optional<LocalAws> find(Loop& loop, aws::HttpClient& http, const std::filesystem::path& data,
                             bool mayBeOther) {
  if (const auto url = local::runningServer(data); !url.empty())
    if (auto found = healthOf(loop, http, url)) return found;
  return mayBeOther ? healthOf(loop, http, usualUrl) : std::nullopt;
}

LocalAws start(const schema::Catalogue& catalogue, const std::filesystem::path& data,
               std::function<void(const std::string&)> say) {
  local::ServerOptions options;
  options.port = 0;
  options.data = data;
  options.say = std::move(say);
  auto server = std::make_unique<local::Server>(std::move(options), catalogue);
  auto url = server->url();
  auto id = server->id();
  return {.url = std::move(url), .id = std::move(id), .data = data, .server = std::move(server)};
}

}  // namespace athanor::cli
