#pragma once

#include <string>

#include "provider/cloudcontrol/client.h"
#include "provider/s3/messages.h"

namespace athanor::provider::s3 {

/// Where a bucket is reached.
struct BucketOptions {
  std::string name;
  std::string region;
  std::string account;        ///< who must own it; "" = anyone
  std::string endpoint = "";  ///< "" = AWS's own; any other is asked with the bucket in its path
  std::chrono::milliseconds patience{60'000};           ///< for lost connections and answers of status 5xx
  std::chrono::milliseconds throttlePatience{600'000};  ///< for being throttled
  /// When to give up, however well it goes.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

/// One bucket over the S3 API.
class Bucket {
 public:
  Bucket(cloudcontrol::ClientParts parts, BucketOptions options)
      : parts_(parts), options_(std::move(options)) {}

  /// Deletes every version of every object and every delete marker; nothing where the bucket is gone. Throws
  /// Error(provider) that names what could not be deleted; what could be is deleted all the same. The same
  /// where the deadline passes before the bucket is empty.
  Task<> empty();

 private:
  Task<std::string> call(std::string operation, std::string method, std::string query, std::string body);
  aws::HttpRequest request(const std::string& method, const std::string& query, const std::string& body,
                           const aws::Credentials& keys) const;
  std::string url() const;

  cloudcontrol::ClientParts parts_;
  BucketOptions options_;
  std::chrono::milliseconds ahead_{0};  ///< how far S3's clock is ahead of ours
};

}  // namespace athanor::provider::s3
