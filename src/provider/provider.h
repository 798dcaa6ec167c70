#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/resource.h"
#include "base/task.h"

namespace athanor::provider {

enum class Operation : std::uint8_t { create, update, remove };

/// One mutating request, complete: what is journalled is what is sent. The same token with the same body is
/// the same operation, within the token's life.
struct Call {
  Operation operation = Operation::create;
  std::string type;
  std::string identifier;  ///< "" for a create
  Target target;
  std::string clientToken;
  std::string body;  ///< the exact request body
};

enum class Status : std::uint8_t { pending, succeeded, failed, cancelled };

/// How far an operation has come.
struct Progress {
  Status status = Status::pending;
  Operation operation = Operation::create;
  std::string type;
  std::string requestToken;
  std::string identifier;  ///< "" while unknown
  std::string errorCode;   ///< "AlreadyExists" …; "" unless failed
  std::string message;     ///< the service's own words
  Json model;              ///< null, or what the service says of the resource
  std::optional<std::chrono::system_clock::time_point> retryAfter;
  std::optional<std::chrono::system_clock::time_point> eventTime;
};

/// A resource as it is now.
struct Live {
  std::string identifier;
  Json properties;
};

/// Creates, reads, updates and deletes one family of types in one target. Throttling, transient faults and
/// conflicts with a running operation are waited out inside, up to the operation's deadline; what is thrown
/// is final: Error(provider) with the service's own words, Error(credentials), Error(unreachable). A thrown
/// Error(interrupted) means that a mutating request may or may not have arrived.
class Provider {
 public:
  virtual ~Provider() = default;
  virtual const Target& target() const = 0;

  /// Props in the form in which they are sent: the same, or translated for AWS (schema/translate.h). What the
  /// live state is compared with.
  virtual Json wire(const std::string& type, const Json& props) = 0;

  virtual Call createCall(const std::string& type, const Json& props, const std::string& token) = 0;
  /// The patch from the live state to `desired`, naming only properties that `desired` or `before` (what was
  /// sent last) names. None where live already is as desired and nothing write-only needs sending again.
  virtual std::optional<Call> updateCall(const std::string& type, const std::string& identifier,
                                         const Json& live, const Json& before, const Json& desired,
                                         const std::string& token) = 0;
  virtual Call deleteCall(const std::string& type, const std::string& identifier,
                          const std::string& token) = 0;

  /// Sends a call; answers as soon as the service has accepted it.
  virtual Task<Progress> submit(Call call) = 0;
  /// How a request stands now; Error(notFound) when the service has forgotten it.
  virtual Task<Progress> status(std::string requestToken) = 0;
  /// Polls until the request has ended or `deadline` has passed, which throws Error(interrupted).
  virtual Task<Progress> wait(Progress progress, std::chrono::steady_clock::time_point deadline) = 0;

  /// None where the service says that it does not exist.
  virtual Task<std::optional<Live>> read(std::string type, std::string identifier) = 0;
  virtual Task<std::vector<Live>> list(std::string type, Json resourceModel) = 0;
  /// Deletes what the resource holds and what its own deletion would stumble over: of an AWS::S3::Bucket all
  /// objects with all their versions and delete markers. Nothing where the resource is gone. Throws
  /// Error(provider) that names what could not be deleted, or says that `deadline` has passed.
  virtual Task<> empty(std::string type, std::string identifier,
                       std::chrono::steady_clock::time_point deadline) = 0;
  /// The mutating requests of the last 7 days, newest first, as far back as `since`.
  virtual Task<std::vector<Progress>> requests(std::chrono::system_clock::time_point since) = 0;
};

/// Gives the provider for a type, region and profile ("" = the command's own); owns them.
class Providers {
 public:
  virtual ~Providers() = default;
  /// Finds out the target (account, region, endpoint) of a region and profile; asks the service once.
  virtual Task<Target> target(std::string region, std::string profile) = 0;
  /// The provider of a target that target() gave, or that state recorded; throws Error(refused) that names
  /// both targets when nothing the command was given leads there.
  virtual Provider& provider(const Target& target) = 0;
};

}  // namespace athanor::provider
