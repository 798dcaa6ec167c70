#include "recorder/session/names.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <string_view>

#include "base/random_text.h"

namespace athanor::recorder {

std::string streamId(const Random& random) { return "st-" + randomText(random, lettersAndDigits, 23); }

std::string keyPrefix(const Destination& destination, const Channel& channel,
                      std::chrono::system_clock::time_point start, const std::string& recordingId) {
  const auto day = std::chrono::floor<std::chrono::days>(start);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(start - day));
  return fmt::format("{}ivs/v1/{}/{}/{}/{}/{}/{}/{}/{}", destination.prefix, channel.account, channel.id,
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                     recordingId);
}

}  // namespace athanor::recorder
