#include "cli/screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/style.h"

namespace athanor::cli {

/// To the first column of the first drawn line, erasing from there. A terminal that became narrower has
/// wrapped what was drawn when it was wider.
std::string Screen::back(std::size_t width) const {
  if (drawn_.empty()) return "";
  std::size_t rows = 0;
  for (const auto length : drawn_)
    rows += width == 0 ? 1 : std::max<std::size_t>(1, (length + width - 1) / width);
  return rows > 1 ? fmt::format("\r\x1b[{}A\x1b[J", rows - 1) : "\r\x1b[J";
}

std::string Screen::draw(const std::vector<std::string>& lines, std::size_t width) {
  auto out = back(width);
  if (!std::exchange(hidden_, true)) out += "\x1b[?25l";
  drawn_.clear();
  for (const auto& line : lines) {
    if (!drawn_.empty()) out += "\n";
    out += line;
    drawn_.push_back(columns(line));
  }
  return out;
}

std::string Screen::clear(std::size_t width) {
  auto out = back(width);
  drawn_.clear();
  return out;
}

std::string Screen::close(std::size_t width) {
  auto out = clear(width);
  if (std::exchange(hidden_, false)) out += cursor;
  return out;
}

}  // namespace athanor::cli
