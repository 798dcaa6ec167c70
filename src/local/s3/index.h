#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/cloudcontrol/database.h"
#include "local/cloudcontrol/operation.h"
#include "local/http/message.h"
#include "local/sources.h"

namespace athanor::local::s3 {

/// A bucket: the resource of type AWS::S3::Bucket by that name.
struct Bucket {
  std::int64_t id = 0;  ///< the resource's sequence number
  Caller owner;         ///< account and region
  std::string name;
};

/// A checksum beside the ETag: "CRC32", its value in base64, and whether it is of all bytes or of the parts'.
struct Checksum {
  std::string algorithm;  ///< "" = none is kept
  std::string value;
  bool composite = false;
};

/// What a client says of an object beside its bytes, kept and given back as it is.
struct Description {
  http::Headers headers;   ///< Content-Type, Cache-Control … as clients spell them here; in answers too
  http::Headers metadata;  ///< x-amz-meta-*, names in lower case without that prefix
};

/// Bytes in a file of the server's own.
struct Content {
  std::string file;  ///< its name in the folder of contents
  std::uint64_t size = 0;
  std::string etag;  ///< without quotes
  Checksum checksum;
};

struct Object {
  std::string key;
  Content content;
  Description description;
  Time modified;     ///< whole seconds
  std::string role;  ///< whose permission put it there, where a recording configuration names a role
};

struct Upload {
  std::int64_t id = 0;
  std::int64_t bucket = 0;
  std::string token;  ///< UploadId
  std::string key;
  Description description;
  Checksum checksum;  ///< algorithm and kind that parts come with; no value
  Time begun;
};

struct Part {
  int number = 0;
  Content content;
  Time modified;
};

/// What is listed of an object.
struct Listed {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;
  std::string checksum;  ///< the algorithm; "" = none
  bool composite = false;
  Time modified;
};

/// What lies in the buckets: rows of the server's database, on whose open batch each call works. Files that
/// rows no longer name are given back, to be deleted once the batch is durable.
class Index {
 public:
  explicit Index(cloudcontrol::Database& database);

  /// The bucket of that name, wherever it is: in the caller's account and region if one is there, else in the
  /// account, else anywhere.
  std::optional<Bucket> bucket(const std::string& name, const Caller& caller);
  /// All of an account, by name.
  struct OwnedBucket {
    Bucket bucket;
    Time made;
  };
  std::vector<OwnedBucket> buckets(const std::string& account);
  bool empty(std::int64_t bucket);

  std::optional<Object> find(std::int64_t bucket, std::string_view key);
  /// Puts or replaces; gives the file that was replaced, or "".
  std::string put(std::int64_t bucket, const Object& object);
  /// Gives the file of what was deleted; none where nothing was there.
  std::optional<std::string> erase(std::int64_t bucket, std::string_view key);
  /// Up to `most` objects in the order of their keys' bytes: from `from` on, or after it.
  std::vector<Listed> list(std::int64_t bucket, std::string_view from, bool inclusive, int most);

  void begin(Upload& upload);  ///< sets its id
  std::optional<Upload> upload(std::int64_t bucket, std::string_view key, std::string_view token);
  /// In the order of key and beginning, those after (`key`, `token`).
  std::vector<Upload> uploads(std::int64_t bucket, std::string_view key, std::string_view token, int most);
  std::string put(std::int64_t upload, const Part& part);  ///< as for objects
  std::vector<Part> parts(std::int64_t upload, int after, int most);
  /// Forgets an upload; gives the files of its parts.
  std::vector<std::string> end(std::int64_t upload);

  /// The files of all parts of a bucket's uploads.
  std::vector<std::string> uploadedFiles(std::int64_t bucket);

  /// One line of the access log: what was put for whom.
  void log(const Bucket& bucket, std::string_view operation, std::string_view key, std::string_view role,
           std::uint64_t size, Time at);

  /// Every file that a row names.
  std::vector<std::string> files();

 private:
  cloudcontrol::Database& database_;
  struct Tables {  // made before the statements that need them
    explicit Tables(cloudcontrol::Database& database);
  } tables_;
  SQLite::Statement bucket_, buckets_, anyObject_, find_, put_, erase_, listFrom_, listAfter_, begin_,
      upload_, uploads_, part_, putPart_, parts_, partFiles_, endUpload_, endParts_, log_, trimLog_;
};

}  // namespace athanor::local::s3
