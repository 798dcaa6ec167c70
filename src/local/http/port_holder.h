#pragma once

#include <cstdint>
#include <string>

namespace athanor::local::http {

/// What listens on a TCP port of this machine: "python3 (process 4711)". "" where the system does not tell,
/// as for another user's process.
std::string portHolder(std::uint16_t port);

}  // namespace athanor::local::http
