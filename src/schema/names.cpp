#include "schema/names.h"

#include <algorithm>
#include <limits>

namespace athanor::schema {

namespace {
unsigned char lowered(char c) { return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

bool begins(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equalLoosely(text.substr(0, start.size()), start);
}
}  // namespace

int compareLoosely(std::string_view a, std::string_view b) {
  const auto common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i)
    if (const int difference = lowered(a[i]) - lowered(b[i])) return difference;
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return static_cast<char>(lowered(c)); });
  return out;
}

std::size_t editDistance(std::string_view a, std::string_view b) {
  a = a.substr(0, 128);
  b = b.substr(0, 128);
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool equal = lowered(a[i - 1]) == lowered(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (equal ? 0 : 1)});
      if (i > 1 && j > 1 && lowered(a[i - 1]) == lowered(b[j - 2]) && lowered(a[i - 2]) == lowered(b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view nearestOf(std::string_view wanted, std::span<const std::string_view> candidates) {
  std::string_view best;
  auto least = std::numeric_limits<std::size_t>::max();
  for (const auto candidate : candidates) {
    auto distance = editDistance(wanted, candidate);
    const bool start = wanted.size() >= 3 && candidate.size() >= 3 &&
                       (begins(candidate, wanted) || begins(wanted, candidate));
    if (!start && distance > std::max<std::size_t>(1, wanted.size() / 3)) continue;
    if (start) distance = std::min<std::size_t>(distance, 2);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace athanor::schema
