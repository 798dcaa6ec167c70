#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <variant>

#include "recorder/channel.h"

namespace athanor::recorder {

/// One object to be stored.
struct Object {
  Destination destination;  ///< its bucket and role; `key` has the prefix already
  std::string key;          ///< no leading slash
  std::string contentType;  ///< "video/mp2t"
  /// The bytes themselves, or a file of them, which may be linked instead of copied and is not changed later.
  std::variant<std::string, std::filesystem::path> content;
};

/// Where recordings end up: the local S3's folder, or an S3-compatible endpoint.
class ObjectStore {
 public:
  /// "" once the object is durable there, else why not, as a sentence ("the bucket recordings does not
  /// exist").
  using Done = std::function<void(std::string failure)>;

  virtual ~ObjectStore() = default;
  /// Callable from any thread; `done` is called once, on any thread. What is there under the key is replaced.
  /// Retrying is the caller's: one call is one attempt.
  virtual void put(Object object, Done done) = 0;
};

}  // namespace athanor::recorder
