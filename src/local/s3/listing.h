#pragma once

#include <string>
#include <vector>

#include "local/s3/call.h"
#include "local/s3/index.h"

namespace athanor::local::s3 {

/// What a list is asked for.
struct ListRequest {
  std::string prefix, delimiter;
  std::string after;  ///< entries up to this key or common prefix are left out
  int most = 1000;    ///< entries: objects and common prefixes
};

/// One page of a list, in the order of the bytes of keys and common prefixes.
struct ListPage {
  std::vector<Listed> objects;
  std::vector<std::string> prefixes;  ///< common prefixes, with their delimiter
  bool more = false;
  std::string last;  ///< the last entry: where the next page goes on after
};

ListPage listed(Index& index, std::int64_t bucket, const ListRequest& request);

/// ListObjects, ListObjectsV2 and ListObjectVersions as XML. Buckets keep no versions: each object has one,
/// "null". Throw Refusal (InvalidArgument).
std::string listObjects(Index& index, const Bucket& bucket, const Call& call);
std::string listObjectsV2(Index& index, const Bucket& bucket, const Call& call);
std::string listVersions(Index& index, const Bucket& bucket, const Call& call);
/// ListMultipartUploads as XML.
std::string listUploads(Index& index, const Bucket& bucket, const Call& call);

}  // namespace athanor::local::s3
