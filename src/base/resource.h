#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace athanor {

/// Where a resource lives. `endpoint` is "" for AWS itself, "local:<id>" for an AWS that runs here, else the
/// URL.
struct Target {
  std::string partition = "aws";
  std::string account;
  std::string region;
  std::string endpoint;
  bool operator==(const Target&) const = default;
};

/// "123456789012/eu-west-1" or "local:4f2a…/123456789012/us-east-1", for messages.
std::string toString(const Target& target);
Json toJson(const Target& target);
Target targetFrom(const Json& json);

/// What a program says about a declaration beside its props.
struct Options {
  bool adopt = false;  ///< take over what exists already
  std::string
      identifier;  ///< of what `adopt` takes over; "" = found by the props. Not recorded, nor is `adopt`
  bool protect = false;
  bool retain = false;
  bool emptyOnDelete = false;          ///< a bucket's objects are deleted before it is
  std::string renamedFrom;             ///< the id that the resource was recorded under before. Not recorded
  std::vector<std::string> dependsOn;  ///< ids
  std::vector<std::string> ignoreChanges;  ///< property paths, JSON pointers in AWS's casing
  std::optional<std::chrono::seconds> timeout;
  std::string region;   ///< "" = the command's
  std::string profile;  ///< "" = the command's
  bool operator==(const Options&) const = default;
};

/// What of the options is recorded: all but how the resource came to be recorded under its id.
Options lasting(Options options);

Json toJson(const Options& options);
Options optionsFrom(const Json& json);

/// One resource call of a program. `props` is a template (base/reference.h) in AWS's casing once settled.
struct Declaration {
  std::string type;
  std::string id;
  Json props = Json::object();
  Options options;
  SourcePlace source;
  /// JSON pointers, in AWS's casing, of the values in `props` that are secrets.
  std::vector<std::string> secrets = {};
};

/// What is recorded of a deployed resource: one for each id and generation.
struct Resource {
  enum class Status : std::uint8_t {
    created,  ///< it stands as recorded
    tainted,  ///< its creation failed after it got an identifier: it is to be replaced
    leaving,  ///< an old generation that is still to be deleted
  };

  std::string id;
  std::int64_t generation = 1;
  std::string type;
  std::string identifier;
  Target target;
  Json props = Json::object();    ///< the template as declared; setProps() sets it
  Json outputs = Json::object();  ///< the provider's answer, in AWS's casing
  Options options;
  std::vector<std::string> dependsOn;  ///< ids of all resources it was found to depend on
  SourcePlace source;
  Status status = Status::created;
  std::vector<std::string> secrets = {};  ///< as Declaration::secrets

  /// The props as they were sent.
  const Json& resolved() const { return resolved_ ? *resolved_ : props; }
  /// They were sent as they stand in the template, word for word.
  bool sentAsDeclared() const { return !resolved_; }
  void setProps(Json declared, Json resolved);

  bool operator==(const Resource&) const = default;

 private:
  std::optional<Json> resolved_;  ///< none where it equals `props`: of thousands, one tree each is enough
};

/// "created", "tainted", "leaving"; and back: throws Error(state) for any other.
const char* name(Resource::Status status);
Resource::Status statusFrom(std::string_view name);

Json toJson(const Resource& resource);
Resource resourceFrom(Json json);

}  // namespace athanor
