#include "cli/running_aws.h"

#include <fmt/format.h>

#include "base/error.h"

namespace athanor::cli {

namespace {

/// A poll of the server's may take a minute.
constexpr std::chrono::seconds longest{90};

std::string withoutSlash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

RunningAws::RunningAws(const Surroundings& around)
    : http_(loop_, around.environment), endpoint_(withoutSlash(around.arguments.endpoint)) {
  const auto& arguments = around.arguments;
  if (!endpoint_.empty()) {
    found_ = healthOf(loop_, http_, endpoint_);
    return;
  }
  data_ = dataOf(arguments, placeOf(arguments, around.directory));
  found_ = find(loop_, http_, data_, arguments.data.empty());
}

std::string RunningAws::place() const {
  return endpoint_.empty() ? fmt::format("the data folder {}", data_.string()) : endpoint_;
}

void RunningAws::require() const {
  if (runs()) return;
  throw Error(ErrorCode::notFound, fmt::format("no AWS runs on {}", place()))
      .next("`athanor local` starts one; --data DIR or --endpoint URL names another.");
}

Json RunningAws::get(const std::string& path) { return ask("GET", path); }
Json RunningAws::post(const std::string& path) { return ask("POST", path); }

Json RunningAws::ask(const std::string& method, const std::string& path) {
  require();
  aws::HttpRequest request{.method = method, .url = url() + "/_athanor/" + path};
  request.timeout = longest;
  const auto answer = runTask(loop_, http_.send(std::move(request)));
  auto body = parseJson(answer.body, "the answer of " + url());
  if (answer.status != 200)
    throw Error(ErrorCode::refused, fmt::format("{} refused: {}", url(), stringAt(body, "message")))
        .next(stringAt(body, "next"));
  return body;
}

}  // namespace athanor::cli
