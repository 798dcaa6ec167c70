#include "local/s3/shop.h"

#include <fmt/format.h>

#include <system_error>

#include "local/s3/cors.h"

namespace athanor::local::s3 {

namespace {

Refusal internalError(const std::string& why) {
  return {500, "InternalError", fmt::format("We encountered an internal error: {}", why)};
}

}  // namespace

Bucket Shop::bucketOf(const Exchange& exchange) { return bucketOf(exchange, exchange.call.bucket); }

Bucket Shop::bucketOf(const Exchange& exchange, const std::string& name) {
  const auto found = index.bucket(name, exchange.caller);
  if (!found) throw noSuchBucket(name);
  const auto expected = exchange.call.header("x-amz-expected-bucket-owner");
  const bool foreign = exchange.isSigned && found->owner.account != exchange.caller.account;
  if (foreign || (!expected.empty() && expected != found->owner.account))
    throw Refusal(403, "AccessDenied", "Access Denied");
  return *found;
}

Json Shop::modelOf(const Bucket& bucket) {
  const auto found = inventory.resources().find({bucket.owner, bucketType.name, bucket.name});
  return found ? Json::parse(found->model) : Json::object();
}

void Shop::answer(std::unique_ptr<Exchange> exchange, Operation operation) {
  auto& at = *exchange;
  http::Response out;
  auto closed = batch.enter();
  const auto refuse = [&](const Refusal& failure) {
    at.files = {};
    out = answerOf(failure, at.request, at.requestId);
  };
  if (!closed.empty()) {
    refuse(internalError(closed));
  } else {
    try {
      cloudcontrol::Attempt attempt(database);
      out = operation(at);
      attempt.keep();
    } catch (const Refusal& failure) {
      refuse(failure);
    } catch (const std::system_error& error) {  // of files: the rows are as they were
      refuse(internalError(error.what()));
    } catch (const std::exception& error) {
      batch.spoil(error.what());
      refuse(internalError(error.what()));
    }
  }
  out.headers.emplace_back("x-amz-request-id", at.requestId);
  if (!at.call.header("origin").empty()) allowOrigin(*this, at, out);
  auto files = std::exchange(at.files, {});
  settle(std::move(files),
         [exchange = std::move(exchange), response = std::move(out)](const std::string& failure) mutable {
           if (!failure.empty())
             response = answerOf(internalError(failure), exchange->request, exchange->requestId);
           exchange->reply(std::move(response));
         });
}

void Shop::settle(Files files, Batch::End end) {
  batch.whenOver([this, files = std::move(files), end = std::move(end)](const std::string& failure) mutable {
    if (failure.empty()) {
      for (const auto& file : files.made) file->keep();
      if (!files.left.empty()) workers.run([this, left = std::move(files.left)] { contents.remove(left); });
    }
    end(failure);
  });
}

}  // namespace athanor::local::s3
