#pragma once

#include <memory>
#include <string>

#include "../fixtures.h"
#include "aws/sigv4.h"
#include "local/auth/gate.h"

namespace athanor::local::test {

/// What a server receives of a request, presigned ones included.
http::Request received(const aws::HttpRequest& request);

/// A gate with the keys of two users, and of a third where one is given, on a clock that only the test moves.
class GateFixture {
 public:
  explicit GateFixture(const aws::sigv4::Key& third = {});

  /// "" where it may pass, else "<status> <code>: <message>".
  std::string refusal(const http::Request& request);
  auth::Admission admission(const http::Request& request);
  auth::Passage passage(const http::Request& request) { return gate_->pass(request, "request-id"); }
  auth::Sessions& sessions() { return sessions_; }
  /// The same folder after a restart.
  void restart();

  std::shared_ptr<Time> now;
  aws::sigv4::Key dev{"AKIADEVDEVDEVDEVDEV0", "a secret of dev", ""};

 private:
  Sources sources() const;

  TempFolder data_;
  auth::Sessions sessions_;
  std::unique_ptr<auth::Gate> gate_;
};

}  // namespace athanor::local::test
