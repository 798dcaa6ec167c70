#pragma once

#include <exception>
#include <memory>
#include <utility>

#include "local/batch.h"
#include "local/cloudcontrol/inventory.h"
#include "local/s3/contents.h"
#include "local/s3/exchange.h"
#include "local/s3/index.h"
#include "local/s3/refusals.h"
#include "local/s3/workers.h"
#include "local/sources.h"

namespace athanor::local::s3 {

/// What the operations of S3 work with, and how they come to an answer. All of it outlives what is under way;
/// used on the server's loop.
class Shop {
 public:
  using Operation = std::move_only_function<http::Response(Exchange&)>;

  Batch& batch;
  cloudcontrol::Database& database;
  cloudcontrol::Inventory& inventory;
  const schema::Type& bucketType;  ///< AWS::S3::Bucket
  Index& index;
  Contents& contents;
  Workers& workers;
  Sources sources;

  /// The present, as S3 keeps it: in whole seconds.
  Time now() const { return std::chrono::floor<std::chrono::seconds>(sources.now()); }

  /// The bucket that a request is about. Throws Refusal: NoSuchBucket, AccessDenied.
  Bucket bucketOf(const Exchange& exchange);
  Bucket bucketOf(const Exchange& exchange, const std::string& name);
  /// The model of a bucket's resource.
  Json modelOf(const Bucket& bucket);

  /// Answers with what `operation` gives, or refuses with the Refusal that it throws, once what it changed is
  /// durable. A refusal changes nothing.
  void answer(std::unique_ptr<Exchange> exchange, Operation operation);

  /// The same in two steps: `job` on a worker, which may throw as an operation does, then `operation` on the
  /// loop with what it gave.
  template <class Result>
  void answer(std::unique_ptr<Exchange> exchange, std::move_only_function<Result()> job,
              std::move_only_function<http::Response(Exchange&, Result)> operation);

  /// Once the open batch is over, keeps or deletes files, and tells `end`.
  void settle(Files files, Batch::End end);
};

template <class Result>
void Shop::answer(std::unique_ptr<Exchange> exchange, std::move_only_function<Result()> job,
                  std::move_only_function<http::Response(Exchange&, Result)> operation) {
  struct Step {
    std::move_only_function<Result()> job;
    std::optional<Result> result;
    std::exception_ptr error;
  };
  auto step = std::make_shared<Step>(std::move(job));
  workers.run(
      [step] {
        try {
          step->result.emplace(step->job());
        } catch (...) {
          step->error = std::current_exception();
        }
      },
      [this, step, exchange = std::move(exchange), operation = std::move(operation)]() mutable {
        answer(std::move(exchange), [step, operation = std::move(operation)](Exchange& of) mutable {
          if (step->error) std::rethrow_exception(step->error);
          return operation(of, std::move(*step->result));
        });
      });
}

}  // namespace athanor::local::s3
