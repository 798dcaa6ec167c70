#include <fmt/format.h>

#include <future>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "local/faults/description.h"
#include "state/folder.h"

namespace athanor::cli {

namespace {

std::vector<local::Fault> faultsOf(const Surroundings& around) {
  const auto sources = local::systemSources();
  std::vector<local::Fault> out;
  const auto add = [&out](std::vector<local::Fault> more) {
    out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  for (const auto& file : around.arguments.faultFiles)
    add(local::faultsFromFile(around.directory / file, sources));
  for (const auto& text : around.arguments.faults) add(local::faultsFromFlag(text, sources));
  return out;
}

}  // namespace

int localCommand(const Surroundings& around) {
  const auto& arguments = around.arguments;
  const auto place = placeOf(arguments, around.directory);
  const auto catalogue = openCatalogue(place.folder);
  local::ServerOptions options{.address = arguments.address,
                               .port = arguments.port,
                               .data = {},
                               .latency = arguments.latency,
                               .rate = arguments.rate,
                               .references = arguments.references,
                               .account = arguments.account,
                               .region = arguments.region.empty() ? "us-east-1" : arguments.region,
                               .faults = faultsOf(around),
                               .powerOff = [] { std::_Exit(exitFailed); },
                               .credentials = {},
                               .say = {}};
  if (!arguments.credentials.empty())
    options.credentials = (around.directory / arguments.credentials).lexically_normal();
  if (arguments.data.empty()) state::makeFolder(place.folder);
  options.data = dataOf(arguments, place);
  const auto& console = around.console;
  if (!arguments.quiet)
    options.say = [&console, json = arguments.json](const std::string& text) {
      json ? console.json({{"event", "note"}, {"text", text}}) : console.out(text + "\n");
    };
  if (arguments.streams) {
    constexpr std::uint16_t usualRtmpPort = 1935;
    options.rtmpPort = arguments.rtmpPort.value_or(usualRtmpPort);
    options.rtmpPortAsked = arguments.rtmpPort.has_value();
  }
  const auto region = options.region, data = options.data.string();
  local::Server server(std::move(options), *catalogue);
  if (arguments.json)
    console.json({{"event", "listening"},
                  {"url", server.url()},
                  {"id", server.id()},
                  {"account", arguments.account},
                  {"region", region},
                  {"data", data},
                  {"rtmpPort", server.rtmpPort() == 0 ? Json() : Json(server.rtmpPort())},
                  {"signatures", server.checksSignatures() ? "checked" : "unchecked"}});
  else
    console.out(
        fmt::format("The AWS that runs here: {}  (data in {}; Ctrl-C stops it)\n"
                    "Use it: export AWS_ENDPOINT_URL={}   or: athanor deploy PROGRAM --endpoint {}\n",
                    server.url(), data, server.url(), server.url()));
  if (const auto port = server.rtmpPort(); port != 0 && !arguments.json)
    console.out(fmt::format("Streams are taken at rtmp://{}:{}/app/STREAM_KEY\n", arguments.address, port));
  std::promise<void> interrupted;
  around.interrupts.onFirst([&interrupted] { interrupted.set_value(); });
  interrupted.get_future().wait();
  server.stop();
  return exitOk;
}

}  // namespace athanor::cli
