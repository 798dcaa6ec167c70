#pragma once

#include "local/s3/service.h"
#include "recorder/store.h"

namespace athanor::local::s3 {

/// The buckets here as a place for recordings. A file is linked, not copied, where it lies on the same file
/// system as the data folder. The ETags of such objects are no MD5 (they end in "-1"). The role is kept with
/// the object and in the access log (the table s3_access).
class Store final : public recorder::ObjectStore {
 public:
  /// `service` outlives this and everything that is put.
  explicit Store(Service& service) : service_(service) {}
  /// Durable means: the bytes are on the disk with their name, then their row is committed. `done` is called
  /// on the server's loop, or on the caller's thread where the content cannot be taken.
  void put(recorder::Object object, Done done) override;

 private:
  Service& service_;
};

}  // namespace athanor::local::s3
