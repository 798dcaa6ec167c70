#include "recorder/session/names.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <string_view>

namespace athanor::recorder {

std::string randomName(const Random& random, std::size_t length) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  while (out.size() < length) out += letters[random() % letters.size()];
  return out;
}

std::string streamId(const Random& random) { return "st-" + randomName(random, 23); }

std::string eventId(const Random& random) {
  const auto high = (random() & ~std::uint64_t{0xf000}) | 0x4000;
  const auto low = (random() & ~(std::uint64_t{3} << 62)) | std::uint64_t{1} << 63;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff, high & 0xffff,
                     low >> 48, low & 0xffffffffffff);
}

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

std::string isoTime(std::chrono::system_clock::time_point at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

}  // namespace athanor::recorder
