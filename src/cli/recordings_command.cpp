// The commands that tell what the AWS that runs here has recorded.
#include <fmt/format.h>

#include <thread>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/recordings_text.h"
#include "cli/running_aws.h"

namespace athanor::cli {

int recordingsCommand(const Surroundings& around) {
  RunningAws aws(around);
  const auto answer = aws.get("recordings");
  if (around.arguments.json)
    around.console.json(answer);
  else
    around.console.out(recordingsText(answer.at("recordings")));
  return exitOk;
}

int eventsCommand(const Surroundings& around) {
  constexpr std::chrono::milliseconds pause{500};
  RunningAws aws(around);
  auto next = std::int64_t{0};
  while (true) {
    const auto page = aws.get(fmt::format("events?after={}", next));
    const auto before = std::exchange(next, page.at("next").get<std::int64_t>());
    for (const auto& event : page.at("events"))
      around.arguments.json ? around.console.json(event) : around.console.out(eventText(event));
    if (next != before) continue;
    if (!around.arguments.follow) return exitOk;
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace athanor::cli
