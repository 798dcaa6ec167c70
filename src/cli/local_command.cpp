#include <fmt/format.h>

#include <future>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "state/folder.h"

namespace athanor::cli {

int localCommand(const Surroundings& around) {
  const auto& arguments = around.arguments;
  const auto place = placeOf(arguments, around.directory);
  const auto catalogue = openCatalogue(place.folder);
  local::ServerOptions options{.address = arguments.address,
                               .port = arguments.port,
                               .data = {},
                               .latency = arguments.latency,
                               .rate = arguments.rate,
                               .account = arguments.account,
                               .region = arguments.region.empty() ? "us-east-1" : arguments.region,
                               .say = {}};
  if (arguments.data.empty()) state::makeFolder(place.folder);
  options.data = dataOf(arguments, place);
  const auto& console = around.console;
  if (!arguments.quiet)
    options.say = [&console, json = arguments.json](const std::string& text) {
      json ? console.json({{"event", "note"}, {"text", text}}) : console.out(text + "\n");
    };
  const auto region = options.region, data = options.data.string();
  local::Server server(std::move(options), *catalogue);
  if (arguments.json)
    console.json({{"event", "listening"},
                  {"url", server.url()},
                  {"id", server.id()},
                  {"account", arguments.account},
                  {"region", region},
                  {"data", data}});
  else
    console.out(
        fmt::format("The AWS that runs here: {}  (data in {}; Ctrl-C stops it)\n"
                    "Use it: export AWS_ENDPOINT_URL={}   or: athanor deploy PROGRAM --endpoint {}\n",
                    server.url(), data, server.url(), server.url()));
  std::promise<void> interrupted;
  around.interrupts.onFirst([&interrupted] { interrupted.set_value(); });
  interrupted.get_future().wait();
  server.stop();
  return exitOk;
}

}  // namespace athanor::cli
