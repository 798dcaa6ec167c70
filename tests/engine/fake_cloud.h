#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/loop.h"
#include "provider/provider.h"
#include "schema/catalogue.h"

namespace athanor::test {

/// A cloud in memory that keeps Cloud Control's promises about tokens: the same token is the same operation,
/// and a failed result is replayed under its token. Each operation takes `latency` of the loop's time.
class FakeCloud final : public provider::Provider, public provider::Providers {
 public:
  FakeCloud(Loop& loop, const schema::Catalogue& catalogue) : loop_(loop), catalogue_(catalogue) {}

  std::chrono::milliseconds latency{100};
  /// Types and names ("AWS::S3::Bucket" or an id in its props' Name) whose next operations fail with this
  /// code.
  std::map<std::string, std::string> failing;
  /// A create that fails leaves its resource behind all the same, as AWS does when it does not stabilise.
  bool leavesRemnants = false;
  /// Types whose resources cannot be read, and why: the service's own words.
  std::map<std::string, std::string> unreadable;
  /// Nothing answers, and how that is told.
  bool unreachable = false;
  std::string silence = "no answer";
  /// The target is told, but resources cannot be read.
  bool deaf = false;
  /// What was asked, in order: "create AWS::S3::Bucket", "delete arn:…".
  std::vector<std::string> log;
  /// When each accepted operation began and ended.
  struct Span {
    std::string what;
    std::chrono::milliseconds begin, end;
  };
  std::vector<Span> spans;
  std::map<std::string, provider::Live> resources;  ///< by identifier
  Target where{
      .partition = "aws", .account = "123456789012", .region = "us-east-1", .endpoint = "local:test"};
  /// The next submit throws Error(interrupted) after (true) or before (false) the operation was accepted.
  std::optional<bool> loseNextAnswer;
  /// After so many requests more, every submit throws Error(interrupted); the first of them is done all the
  /// same where `lastIsDone`.
  std::optional<int> requestsLeft = {};
  bool lastIsDone = false;
  /// How much a resource holds, by identifier: what holds something is not deleted.
  std::map<std::string, int> contents = {};
  std::size_t count(const std::string& type) const;

  // Providers
  Task<Target> target(std::string region, std::string profile) override;
  provider::Provider& provider(const Target& target) override;
  // Provider
  const Target& target() const override { return where; }
  Json wire(const std::string&, const Json& props) override { return props; }
  provider::Call createCall(const std::string& type, const Json& props, const std::string& token) override;
  std::optional<provider::Call> updateCall(const std::string& type, const std::string& identifier,
                                           const Json& live, const Json& before, const Json& desired,
                                           const std::string& token) override;
  provider::Call deleteCall(const std::string& type, const std::string& identifier,
                            const std::string& token) override;
  Task<provider::Progress> submit(provider::Call call) override;
  Task<provider::Progress> status(std::string requestToken) override;
  Task<provider::Progress> wait(provider::Progress progress,
                                std::chrono::steady_clock::time_point deadline) override;
  Task<std::optional<provider::Live>> read(std::string type, std::string identifier) override;
  Task<std::vector<provider::Live>> list(std::string type, Json model) override;
  Task<> empty(std::string type, std::string identifier,
               std::chrono::steady_clock::time_point deadline) override;
  Task<std::vector<provider::Progress>> requests(std::chrono::system_clock::time_point since) override;

 private:
  struct Request {
    provider::Progress progress;
    std::string body;
    std::chrono::steady_clock::time_point ready;
  };
  Request perform(const provider::Call& call);
  std::string makeIdentifier(const schema::Type& type, Json& model);

  Loop& loop_;
  const schema::Catalogue& catalogue_;
  std::map<std::string, Request> byClientToken_;
  int serial_ = 0;
};

}  // namespace athanor::test
