#pragma once

#include <span>
#include <string>
#include <vector>

#include "aws/http.h"

/// The XML of the S3 operations that empty a bucket (Amazon S3 API reference, 2006-03-01).
namespace athanor::provider::s3 {

/// One version of an object, or one delete marker; DeleteObjects makes no difference between them.
struct Version {
  std::string key;
  std::string id;  ///< "null" for an object of a bucket that keeps no versions
  bool operator==(const Version&) const = default;
};

/// A page of ListObjectVersions.
struct VersionPage {
  std::vector<Version> versions;
  bool more = false;
  std::string nextKey, nextId;  ///< where the next page begins; `nextId` may be ""
};

/// Reads an answer that was asked for with encoding-type=url. Throws Error(provider) where it is none.
VersionPage versionPage(const std::string& body);

/// The body of a DeleteObjects that answers with failures only.
std::string deletion(std::span<const Version> versions);

/// An object that could not be deleted.
struct Kept {
  Version version;
  std::string code;
  std::string message;
};
/// What an answer to deletion() says was not deleted. Throws Error(provider) where it is no such answer.
std::vector<Kept> keptOf(const std::string& body);

/// S3's error answer in the form of AWS's JSON services, so that it is classed as theirs are.
aws::HttpResponse asJsonError(const aws::HttpResponse& response);

}  // namespace athanor::provider::s3
