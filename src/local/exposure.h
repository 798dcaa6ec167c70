#pragma once

#include <string>
#include <vector>

namespace athanor::local {

/// True of an address to listen on that only this machine reaches.
bool isLoopback(const std::string& address);

/// What clients may call a server that listens on an address: names and IP addresses for its certificate.
std::vector<std::string> namesOf(const std::string& address);

}  // namespace athanor::local
