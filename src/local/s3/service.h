#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "local/batch.h"
#include "local/cloudcontrol/inventory.h"
#include "local/http/message.h"
#include "local/s3/index.h"
#include "local/s3/shop.h"
#include "local/s3/uploads.h"
#include "local/sources.h"

namespace athanor {
class Loop;
}

namespace athanor::local::s3 {

/// The S3 of the AWS that runs here (API 2006-03-01). Used on the server's loop, but for Store.
class Service {
 public:
  /// All of what is given by reference outlives this. Deletes what an earlier server left half done.
  Service(Loop& loop, Batch& batch, cloudcontrol::Database& database, cloudcontrol::Inventory& inventory,
          Index& index, const schema::Catalogue& catalogue, Sources sources,
          const std::filesystem::path& folder);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Where the body of a request goes: objects and parts into files.
  std::optional<http::Spool> spool(const http::Request& head);
  /// Answers a request that was let in; its reply comes once what it changed is durable.
  void answer(const http::Request& request, const auth::Admission& admission, const std::string& requestId,
              http::Reply reply);
  /// Deletes all contents, after everything in the database was.
  void forgetContents();

  /// What `Store` puts objects with; the one member that may be called from any thread.
  struct Delivery {
    std::string bucket, key, contentType, role;
    std::shared_ptr<http::BodyFile> file;
  };
  std::filesystem::path freshFile() { return contents_.fresh(); }
  /// `done` is told "" once the object is durable, else why not; on the loop.
  void deliver(Delivery delivery, std::function<void(std::string failure)> done);

 private:
  void route(std::unique_ptr<Exchange>& exchange);
  void keep(const Delivery& delivery, const std::function<void(std::string failure)>& done);

  Contents contents_;
  Workers workers_;  // waits for what runs: after what that uses
  Shop shop_;
  Uploads uploads_;
};

}  // namespace athanor::local::s3
