#include <algorithm>

#include "cli/options.h"

namespace athanor::cli {

namespace {

void addServing(CLI::App& local, Arguments& out) {
  local.add_option("--port", out.port, "The port to listen on; 0 for any free one")->capture_default_str();
  local.add_option("--address", out.address, "The address to listen on")->capture_default_str();
  local.add_option("--data", out.data, "Where everything is kept (default: .athanor/local)")
      ->type_name("DIR");
  local
      .add_option_function<std::int64_t>(
          "--latency", [&out](std::int64_t ms) { out.latency = std::chrono::milliseconds(ms); },
          "How long each operation takes, in milliseconds")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{3'600'000}))
      ->type_name("MS");
  local
      .add_option("--rate", out.rate,
                  "Requests a second that an account may send; more are throttled (default: any number)")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  local.add_option("--account", out.account, "The account's number")
      ->check([](const std::string& text) -> std::string {
        const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
        return digits && text.size() == 12 ? "" : "an account is 12 digits, not \"" + text + "\"";
      })
      ->capture_default_str();
  local.add_option("--region", out.region, "The region of requests that name none (default: us-east-1)");
  addJson(local, out);
  local.add_flag("--quiet,-q", out.quiet, "Say only what failed");
}

}  // namespace

void addLocalCommands(CLI::App& app, Arguments& out) {
  auto* local = command(app, out, Verb::local, "local", "Run an AWS here, until Ctrl-C",
                        "  athanor local --port 4566 --data .athanor/local\n"
                        "  AWS_ENDPOINT_URL=http://127.0.0.1:4566 aws cloudcontrol list-resources "
                        "--type-name AWS::IVS::Channel");
  addServing(*local, out);
}

bool ofLocal(Verb verb) { return verb == Verb::local; }

}  // namespace athanor::cli
