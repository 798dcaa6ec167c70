// The commands that ask the AWS that runs here about itself.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/running_aws.h"
#include "cli/status_text.h"
#include "local/admin/kept.h"

namespace athanor::cli {

namespace {

constexpr int pollSeconds = 30;

/// What is kept, whether or not a server runs on it.
Json kept(RunningAws& aws) {
  return aws.runs() ? aws.get("status") : local::admin::toJson(local::admin::countKept(aws.data()));
}

void approve(const Surroundings& around, const Json& kept, const std::string& place) {
  const auto& arguments = around.arguments;
  if (arguments.yes) return;
  if (arguments.json || !around.console.asks())
    throw Error(ErrorCode::usage,
                fmt::format("a reset asks before it deletes anything, and there is {}",
                            arguments.json ? "nobody to ask with --json" : "no terminal to ask on"))
        .next("Pass --yes to go ahead.");
  const auto answer = around.console.ask(fmt::format("Delete {} from {}? [y/N] ", keptText(kept), place));
  if (answer != "y" && answer != "Y" && answer != "yes")
    throw Error(ErrorCode::refused, "nothing was deleted");
}

}  // namespace

int statusCommand(const Surroundings& around) {
  RunningAws aws(around);
  if (aws.runs()) {
    auto status = aws.get("status");
    status["running"] = true;
    around.arguments.json ? around.console.json(status)
                          : around.console.out(statusText(status, std::chrono::system_clock::now()));
    return exitOk;
  }
  const bool folder = !aws.data().empty();
  const auto kept = folder ? local::admin::toJson(local::admin::countKept(aws.data())) : Json::object();
  if (around.arguments.json) {
    auto out = kept;
    out["running"] = false;
    if (folder) out["data"] = aws.data().string();
    around.console.json(out);
  } else {
    around.console.out(fmt::format("No AWS runs on {}{}.\n", aws.place(),
                                   folder ? fmt::format(", which keeps {}", keptText(kept)) : ""));
  }
  return exitFailed;
}

int requestsCommand(const Surroundings& around) {
  const auto& arguments = around.arguments;
  const auto& console = around.console;
  RunningAws aws(around);
  const auto health = aws.get("health");
  const auto show = [&](const Json& page) {
    if (const auto missed = page.at("missed").get<std::uint64_t>(); missed > 0)
      console.err(
          fmt::format("{} were missed: they came faster than they were read.\n", count(missed, "request")));
    for (const auto& request : page.at("requests"))
      arguments.json ? console.json(request)
                     : console.out(requestText(request, stringAt(health, "account"),
                                               stringAt(health, "region"), console.style()));
  };
  auto page = aws.get(fmt::format("requests?limit={}", arguments.limit));
  show(page);
  while (arguments.follow) {
    page = aws.get(fmt::format("requests?limit=2000&wait={}&after={}", pollSeconds, page.at("next").dump()));
    show(page);
  }
  return exitOk;
}

int resetCommand(const Surroundings& around) {
  RunningAws aws(around);
  if (!around.arguments.endpoint.empty()) aws.require();
  const auto place = aws.runs() ? aws.url() : aws.place();
  if (!around.arguments.yes) approve(around, kept(aws), place);
  const auto deleted = aws.runs() ? aws.post("reset").at("deleted")
                                  : local::admin::toJson(local::admin::forgetAll(aws.data()));
  if (around.arguments.json)
    around.console.json({{"deleted", deleted}});
  else
    around.console.out(fmt::format("Deleted {} from {}.\n", keptText(deleted), place));
  return exitOk;
}

}  // namespace athanor::cli
