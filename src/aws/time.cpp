#include "aws/time.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace athanor::aws {
namespace {

std::optional<WallTime> timeOf(int year, unsigned month, unsigned day, int hour, int minute, double second) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second >= 61)
    return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(second));
}

}  // namespace

std::optional<WallTime> parseIsoTime(std::string_view view) {
  const std::string text(view);
  int year = 0, hour = 0, minute = 0, used = 0;
  unsigned month = 0, day = 0;
  double second = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%lf%n", &year, &month, &day, &hour, &minute, &second,
                  &used) != 6)
    return std::nullopt;
  const auto time = timeOf(year, month, day, hour, minute, second);
  const auto zone = text.substr(static_cast<std::size_t>(used));
  if (!time || zone.empty() || zone == "Z" || zone == "UTC") return time;
  char sign = 0;
  int hours = 0, minutes = 0, end = 0;
  if (std::sscanf(zone.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &end) != 3 ||
      static_cast<std::size_t>(end) != zone.size() || (sign != '+' && sign != '-'))
    return std::nullopt;
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return sign == '+' ? *time - offset : *time + offset;
}

std::optional<WallTime> parseHttpDate(std::string_view view) {
  static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string text(view);
  std::array<char, 4> month{};
  int year = 0, hour = 0, minute = 0, second = 0;
  unsigned day = 0;
  if (std::sscanf(text.c_str(), "%*3s, %2u %3s %4d %2d:%2d:%2d GMT", &day, month.data(), &year, &hour,
                  &minute, &second) != 6)
    return std::nullopt;
  for (unsigned i = 0; i < months.size(); ++i)
    if (months.at(i) == month.data()) return timeOf(year, i + 1, day, hour, minute, second);
  return std::nullopt;
}

WallTime fromEpoch(double seconds) {
  return WallTime(
      std::chrono::duration_cast<WallTime::duration>(std::chrono::microseconds(std::llround(seconds * 1e6))));
}

}  // namespace athanor::aws
