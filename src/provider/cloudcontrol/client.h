#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "aws/governor.h"
#include "aws/http.h"
#include "base/json.h"
#include "base/loop.h"
#include "provider/cloudcontrol/service_error.h"
#include "provider/provider.h"

namespace athanor::provider::cloudcontrol {

struct ClientOptions {
  std::string endpoint;  ///< "https://cloudcontrolapi.eu-west-1.amazonaws.com"
  std::string region;
  std::string account;  ///< what the rate governor shares a quota by, beside the region
  /// How long faults that pass are waited out: lost connections, answers of status 5xx.
  std::chrono::milliseconds patience{60'000};
  /// How long a request may be throttled.
  std::chrono::milliseconds throttlePatience{600'000};
};

/// What clients of one process share. All of it outlives them.
struct ClientParts {
  Loop& loop;
  aws::HttpClient& http;
  aws::CredentialSource& credentials;
  aws::Governor& governor;
  const aws::Random& random;
};

/// The eight operations of Cloud Control over AWS JSON 1.0. Throttles and faults that pass are waited out
/// inside; an answer that is final is thrown as ServiceError. For create, update and delete the body is sent
/// exactly as given, over again where the answer was lost: its ClientToken makes that the same operation.
/// Where a request may have arrived and no answer could be had, they throw Error(interrupted).
class Client {
 public:
  Client(ClientParts parts, ClientOptions options) : parts_(parts), options_(std::move(options)) {}

  Task<Progress> createResource(std::string body);
  Task<Progress> updateResource(std::string body);
  Task<Progress> deleteResource(std::string body);
  Task<Live> getResource(std::string type, std::string identifier);
  Task<Progress> requestStatus(std::string requestToken);
  Task<Progress> cancelRequest(std::string requestToken);

  template <class Item>
  struct Page {
    std::vector<Item> items;
    std::string next;  ///< "" on the last page
  };
  /// `resourceModel`: the properties that some types need to be listed by; null or empty for none.
  Task<Page<Live>> listResources(std::string type, Json resourceModel, std::string next);
  Task<Page<Progress>> listRequests(std::string next);

  /// Requests a second that may be sent now; infinity while the service throttled none.
  double rate() const { return parts_.governor.rate(quota()); }

 private:
  struct Attempts;
  Task<Json> call(std::string operation, std::string body, bool mutating);
  Task<Progress> change(std::string operation, std::string body);
  aws::HttpRequest request(const std::string& operation, const std::string& body,
                           const aws::Credentials& keys);
  void learnTime(const aws::HttpResponse& response);
  Task<bool> backOff(Attempts* attempts, std::chrono::milliseconds patience);
  Progress progress(const Json& event) const;
  std::string quota() const { return options_.account + "/" + options_.region; }

  ClientParts parts_;
  ClientOptions options_;
  std::chrono::milliseconds ahead_{0};  ///< how far the service's clock is ahead of ours
  bool answered_ = false;               ///< the endpoint has answered before: silence is a passing fault
};

}  // namespace athanor::provider::cloudcontrol
