#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace athanor::schema {

/// Compares two names without regard to the case of ASCII letters: below, equal to or above 0.
int compareLoosely(std::string_view a, std::string_view b);
inline bool equalLoosely(std::string_view a, std::string_view b) { return compareLoosely(a, b) == 0; }

std::string lower(std::string_view text);

/// How many letters are to be inserted, left out, exchanged or swapped with their neighbour to make `b` of
/// `a`, without regard to case. Looks at the first 128 letters.
std::size_t editDistance(std::string_view a, std::string_view b);

/// The candidate most like `wanted`: few letters apart, or one the beginning of the other; "" where none is.
std::string_view nearestOf(std::string_view wanted, std::span<const std::string_view> candidates);

}  // namespace athanor::schema
