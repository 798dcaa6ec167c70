#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace athanor {

/// Uniform over all values.
using Random = std::function<std::uint64_t()>;

constexpr std::string_view lettersAndDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// `length` random characters out of `from`.
std::string randomText(const Random& random, std::string_view from, std::size_t length);
/// A random UUID (RFC 9562, version 4).
std::string uuid(const Random& random);

}  // namespace athanor
