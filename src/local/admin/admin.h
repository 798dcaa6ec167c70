#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "local/admin/request_log.h"
#include "local/cloudcontrol/database.h"
#include "local/http/message.h"

namespace athanor {
class Loop;
}

namespace athanor::local::admin {

/// What does not change while a server runs.
struct Facts {
  std::string id, url, data, account, region;
  std::chrono::milliseconds latency{0};
  double rate = 0;        ///< 0 = any number
  bool verifies = false;  ///< signatures
  Time since;
};

/// What the server tells of itself, below /_athanor/: GET health, status and requests, POST reset. All of it
/// is JSON.
class Admin {
 public:
  /// `endBatch` commits what is open, so that what is counted or deleted is all there is; `deleted` is called
  /// after everything was.
  struct Hooks {
    std::function<void()> endBatch;
    std::function<void()> deleted;
  };
  /// All of what is given by reference outlives this.
  Admin(Loop& loop, cloudcontrol::Database& database, RequestLog& log, Hooks hooks);
  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  void tell(Facts facts) { facts_ = std::move(facts); }
  /// True of the paths that answer() is for.
  static bool owns(const http::Request& request) { return request.path.starts_with("/_athanor/"); }
  void answer(const http::Request& request, http::Reply reply);

 private:
  struct Poll;
  http::Response health() const;
  http::Response status();
  http::Response reset(const http::Request& request);
  void requests(const http::Request& request, http::Reply reply);

  Loop& loop_;
  cloudcontrol::Database& database_;
  RequestLog& log_;
  Hooks hooks_;
  Facts facts_;
  std::vector<std::shared_ptr<Poll>> polls_;
};

}  // namespace athanor::local::admin
