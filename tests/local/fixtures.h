#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "local/cloudcontrol/cloud_control.h"
#include "local/faults/console.h"
#include "local/server.h"
#include "schema/catalogue.h"

namespace athanor::local::test {

/// The embedded catalogue, decoded as far as tests have asked for.
const schema::Catalogue& catalogue();

/// A folder of its own, gone with this object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What a command printed, and how it ended.
struct Ended {
  int status = -1;
  std::string out;
  std::string err;
};

/// Runs a program with an environment of only `environment`, and waits for its end.
Ended run(const std::vector<std::string>& command, const std::vector<std::string>& environment);

/// Debian's AWS CLI against an endpoint, with keys that mean nothing.
Ended aws(const std::string& endpoint, std::vector<std::string> arguments,
          const std::string& region = "us-east-1");
/// The same, which must succeed; its output as JSON.
Json awsJson(const std::string& endpoint, std::vector<std::string> arguments,
             const std::string& region = "us-east-1");

/// Options for a server on a free port of loopback.
ServerOptions onFreePort(const std::filesystem::path& data);

/// Cloud Control without HTTP, on a database in memory, with a clock that only the test moves.
class InProcess {
 public:
  explicit InProcess(std::chrono::milliseconds latency = std::chrono::milliseconds(0),
                     const std::filesystem::path& file = ":memory:", bool references = true);

  /// The answer to an operation; throws cloudcontrol::ApiError.
  Json call(const std::string& operation, const Json& input);
  /// The same for the ProgressEvent inside of it.
  Json event(const std::string& operation, const Json& input) {
    return call(operation, input).at("ProgressEvent");
  }
  Json create(const std::string& type, const Json& model);
  /// The properties of a resource as GetResource shows them.
  Json read(const std::string& type, const std::string& identifier);
  Json status(const Json& event) {
    return this->event("GetResourceRequestStatus", {{"RequestToken", event.at("RequestToken")}});
  }
  Json list(const std::string& type) {
    return call("ListResources", {{"TypeName", type}}).at("ResourceDescriptions");
  }
  /// "Type: message" of the exception that a call ends with; "" where it ends well.
  std::string refusal(const std::string& operation, const Json& input);
  void pass(std::chrono::milliseconds time) { *now += time; }

  Caller caller{"123456789012", "eu-west-1"};
  std::shared_ptr<Time> now = std::make_shared<Time>(std::chrono::seconds(1'800'000'000));
  std::vector<std::string> said;
  cloudcontrol::FateOf fate;  ///< null: no operation meets any
  Sources sources();
  /// The hand of somebody else.
  Console console() { return {database_, inventory_, catalogue()}; }
  /// A call after which the machine loses power, before what it did was kept.
  void lost(const std::string& operation, const Json& input);

 private:
  cloudcontrol::Database database_;
  cloudcontrol::Behaviours behaviours_;
  cloudcontrol::Inventory inventory_;
  cloudcontrol::CloudControl cloudControl_;
};

}  // namespace athanor::local::test
