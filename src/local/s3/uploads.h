#pragma once

#include <memory>
#include <set>

#include "local/s3/shop.h"

namespace athanor::local::s3 {

/// Multipart uploads; as for objects, operations that take longer take the exchange over.
class Uploads {
 public:
  explicit Uploads(Shop& shop) : shop_(shop) {}

  http::Response create(Exchange& exchange);
  void putPart(std::unique_ptr<Exchange>& exchange);
  void copyPart(std::unique_ptr<Exchange>& exchange);
  /// Joins the parts into one file; a large one takes as long as copying it.
  void complete(std::unique_ptr<Exchange>& exchange);
  http::Response abort(Exchange& exchange);
  http::Response listParts(Exchange& exchange);

 private:
  Upload uploadOf(const Exchange& exchange);
  http::Response keepPart(Exchange& exchange, Content content, std::shared_ptr<http::BodyFile> file,
                          bool copied);

  Shop& shop_;
  /// Uploads whose parts are being joined; what is under way may outlive this.
  std::shared_ptr<std::set<std::int64_t>> completing_ = std::make_shared<std::set<std::int64_t>>();
};

}  // namespace athanor::local::s3
