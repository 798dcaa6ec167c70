#pragma once

#include <chrono>
#include <string>

#include "base/json.h"
#include "cli/style.h"

namespace athanor::cli {

/// What a server says at /_athanor/status, for people. Each line is ended.
std::string statusText(const Json& status, std::chrono::system_clock::time_point now);

/// "3 resources (AWS::IVS::Channel 2, AWS::S3::Bucket 1) and 5 operations".
std::string keptText(const Json& kept);

/// A row for a request that /_athanor/requests tells of: time, operation, outcome, duration, type and
/// identifier, and whose it was where that is not `account` in `region`. The line is ended.
std::string requestText(const Json& request, const std::string& account, const std::string& region,
                        const Style& style);

}  // namespace athanor::cli
