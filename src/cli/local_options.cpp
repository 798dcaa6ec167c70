#include <algorithm>

#include "cli/options.h"

namespace athanor::cli {

namespace {

void addServing(CLI::App& local, Arguments& out) {
  local.add_option("--port", out.port, "The port to listen on; 0 for any free one")->capture_default_str();
  local
      .add_option("--rtmp-port", out.rtmpPort,
                  "The port that takes streams by RTMP; 0 for any free one (default: 1935, where it is free)")
      ->type_name("N");
  local.add_flag("!--no-streams", out.streams, "Take no streams");
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
  local
      .add_option(
          "--fault", out.faults,
          "Misbehave: a kind and its members, as in 'throttle,type=AWS::IVS::*,probability=0.2'; may be "
          "given again (kinds: throttle, error, fail, create-failed, lose-request, lose-answer, slow, "
          "stuck, stale, edit, delete, stop)")
      ->type_name("KIND[,NAME=VALUE...]")
      ->allow_extra_args(false);
  local.add_option("--faults", out.faultFiles, "Misbehave as this file says, in JSON; may be given again")
      ->type_name("FILE")
      ->allow_extra_args(false);
  local.add_flag("!--no-references", out.references,
                 "Do not check that the resources that properties refer to are there");
  local.add_option("--account", out.account, "The account's number")
      ->check([](const std::string& text) -> std::string {
        const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
        return digits && text.size() == 12 ? "" : "an account is 12 digits, not \"" + text + "\"";
      })
      ->capture_default_str();
  local.add_option("--region", out.region, "The region of requests that name none (default: us-east-1)");
  local
      .add_option(
          "--credentials", out.credentials,
          "Keys that requests must be signed with, as in ~/.aws/credentials (default: \"credentials\" "
          "in the data folder; without one any keys do)")
      ->type_name("FILE");
  addJson(local, out);
  local.add_flag("--quiet,-q", out.quiet, "Say only what failed");
}

/// Which AWS that runs here is meant.
void addWhich(CLI::App& to, Arguments& out) {
  to.add_option("--data", out.data, "The one that keeps everything in DIR (default: .athanor/local)")
      ->type_name("DIR");
  to.add_option("--endpoint", out.endpoint, "The one that answers at URL")->type_name("URL");
  addJson(to, out);
}

void addAsking(CLI::App& local, Arguments& out) {
  auto* coverage = command(local, out, Verb::localCoverage, "coverage", "List what is served and what is not",
                           "  athanor local coverage\n"
                           "  athanor local coverage ivs\n"
                           "  athanor local coverage AWS::Serverless::Function --json");
  coverage->add_option("SERVICE|TYPE", out.subject, "Tell more of this one");
  addJson(*coverage, out);

  auto* status = command(local, out, Verb::localStatus, "status", "Tell whether one runs, and what it keeps",
                         "  athanor local status --data .athanor/local");
  addWhich(*status, out);
  status->footer(status->get_footer() + "Also 1 where none runs.\n");

  auto* requests = command(local, out, Verb::localRequests, "requests", "List the requests that it answered",
                           "  athanor local requests --limit 50\n"
                           "  athanor local requests --follow --json | jq .operation");
  addWhich(*requests, out);
  requests->add_flag("--follow,-f", out.follow, "Go on with each new one, until Ctrl-C");
  requests->add_option("--limit", out.limit, "How many of the newest to begin with; 2000 are kept")
      ->check(CLI::Range(1, 2000))
      ->type_name("N")
      ->capture_default_str();

  auto* events = command(local, out, Verb::localEvents, "events", "List the events of streams and recordings",
                         "  athanor local events --follow\n"
                         "  athanor local events --json | jq .detail.recording_status");
  addWhich(*events, out);
  events->add_flag("--follow,-f", out.follow, "Go on with each new one, until Ctrl-C");

  auto* reset = command(local, out, Verb::localReset, "reset",
                        "Delete every resource and operation that it keeps, running or not",
                        "  athanor local reset --yes");
  addWhich(*reset, out);
  reset->add_flag("--yes,-y", out.yes, "Do not ask");

  auto* trust = command(local, out, Verb::localTrust, "trust",
                        "Tell where its certificate authority is, and how clients come to trust it",
                        "  athanor local trust\n"
                        "  export AWS_CA_BUNDLE=$(athanor local trust --json | jq -r .ca)");
  trust->add_option("--data", out.data, "The one that keeps everything in DIR (default: .athanor/local)")
      ->type_name("DIR");
  addJson(*trust, out);
}

}  // namespace

void addLocalCommands(CLI::App& app, Arguments& out) {
  auto* local = command(app, out, Verb::local, "local", "Run an AWS here, until Ctrl-C",
                        "  athanor local --port 4566 --data .athanor/local\n"
                        "  AWS_ENDPOINT_URL=http://127.0.0.1:4566 aws cloudcontrol list-resources "
                        "--type-name AWS::IVS::Channel");
  addServing(*local, out);
  addAsking(*local, out);
  auto* recordings =
      command(app, out, Verb::recordings, "recordings", "List what the AWS that runs here has recorded",
              "  athanor recordings\n"
              "  athanor recordings --endpoint http://127.0.0.1:4566 --json");
  addWhich(*recordings, out);
}

bool ofLocal(Verb verb) {
  return verb == Verb::local || verb == Verb::localCoverage || verb == Verb::localStatus ||
         verb == Verb::localRequests || verb == Verb::localReset || verb == Verb::localTrust ||
         verb == Verb::localEvents || verb == Verb::recordings;
}

}  // namespace athanor::cli
