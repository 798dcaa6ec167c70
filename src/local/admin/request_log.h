#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "local/cloudcontrol/operation.h"
#include "local/http/message.h"
#include "local/sources.h"

namespace athanor::local::admin {

/// One request that was answered. Bodies and headers are no part of it, for they may hold secrets.
struct LoggedRequest {
  std::uint64_t number = 0;  ///< from 1, in the order of the answers
  Time at;                   ///< when it had arrived
  Caller caller;
  std::string service;     ///< "cloudcontrol", "sts", "s3"; "" where it is none of them
  std::string operation;   ///< "CreateResource", or "GET /path"
  std::string type;        ///< "AWS::IVS::Channel"; "" where the operation names none
  std::string identifier;  ///< of the resource; "" where neither the request nor the answer has one
  unsigned status = 0;     ///< of HTTP; 0 where the connection was closed without an answer
  std::string outcome;  ///< "OK", an exception's name, or an operation's status: "SUCCESS", "FAILED NotFound"
  std::chrono::microseconds took{0};
  std::string requestId;
};

Json toJson(const LoggedRequest& request);

/// How many requests to Cloud Control ended how, since the server started.
struct Counts {
  std::uint64_t answered = 0;   ///< all that were not throttled
  std::uint64_t throttled = 0;  ///< ThrottlingException
  std::uint64_t failed = 0;     ///< of those answered: with an exception
};

/// The last requests, in memory. Used on the server's thread alone.
class RequestLog {
 public:
  explicit RequestLog(Sources sources) : sources_(std::move(sources)) {}

  /// A reply that is written down when it is sent, or dropped without an answer, and then passed on. It must
  /// not outlive the log.
  http::Reply writing(const http::Request& request, const Caller& caller, std::string requestId,
                      http::Reply reply);

  /// What one who has read up to number `after` is to read next.
  struct Page {
    std::vector<LoggedRequest> requests;  ///< oldest first
    std::uint64_t next = 0;               ///< what to give as `after` next time
    std::uint64_t missed = 0;             ///< newer than `after`, but no longer kept
  };
  /// The oldest `most` after number `after`.
  Page after(std::uint64_t after, std::size_t most) const;
  /// The newest `most`.
  Page newest(std::size_t most) const;

  /// Called after each request that is written down; null for nobody.
  void onWrite(std::function<void()> hear) { hear_ = std::move(hear); }
  const Counts& counts() const { return counts_; }

 private:
  class Entry;
  void add(LoggedRequest request);

  Sources sources_;
  std::deque<LoggedRequest> kept_;
  std::function<void()> hear_;
  std::uint64_t last_ = 0;
  Counts counts_;
};

}  // namespace athanor::local::admin
