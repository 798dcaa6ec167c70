#include "local/s3/service.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.h"
#include "base/loop.h"
#include "local/s3/buckets.h"
#include "local/s3/cors.h"
#include "local/s3/description.h"
#include "local/s3/digests.h"
#include "local/s3/listing.h"
#include "local/s3/objects.h"
#include "local/s3/operation.h"

namespace athanor::local::s3 {

namespace {

/// The largest part, and what framing adds to it where its chunks are of 64 KiB at least.
constexpr std::uint64_t mostSpooled = (std::uint64_t{5} << 30) + (std::uint64_t{16} << 20);

/// Operations that answer within a turn of the loop.
constexpr std::pair<std::string_view, http::Response (*)(Shop&, Exchange&)> quick[] = {
    {"Preflight", preflight},
    {"ListBuckets", listBuckets},
    {"CreateBucket", createBucket},
    {"DeleteBucket", deleteBucket},
    {"HeadBucket", headBucket},
    {"GetBucketLocation", getLocation},
    {"GetBucketVersioning", getVersioning},
    {"GetBucketCors", getCors},
    {"PutBucketCors", putCors},
    {"DeleteBucketCors", deleteCors},
    {"GetBucketTagging", getTagging},
    {"ListObjects", [](Shop& shop, Exchange& of) { return list(shop, of, listObjects); }},
    {"ListObjectsV2", [](Shop& shop, Exchange& of) { return list(shop, of, listObjectsV2); }},
    {"ListObjectVersions", [](Shop& shop, Exchange& of) { return list(shop, of, listVersions); }},
    {"ListMultipartUploads", [](Shop& shop, Exchange& of) { return list(shop, of, listUploads); }},
    {"DeleteObjects", deleteObjects},
    {"GetObject", getObject},
    {"HeadObject", getObject},
    {"GetObjectTagging", getObjectTagging},
    {"DeleteObject", deleteObject},
};

Refusal refusalOf(const Call& call) {
  if (const auto what = unserved(call); !what.empty()) return notImplemented(what);
  return {405,
          "MethodNotAllowed",
          "The specified method is not allowed against this resource.",
          {{"Method", call.method()}}};
}

const schema::Type& bucketTypeOf(const schema::Catalogue& catalogue) {
  const auto* type = catalogue.find("AWS::S3::Bucket");
  if (!type) throw std::logic_error("the catalogue has no AWS::S3::Bucket");
  return *type;
}

}  // namespace

Service::Service(Loop& loop, Batch& batch, cloudcontrol::Database& database,
                 cloudcontrol::Inventory& inventory, Index& index, const schema::Catalogue& catalogue,
                 Sources sources, const std::filesystem::path& folder)
    : contents_(folder, sources),
      workers_(loop),
      shop_{batch, database, inventory, bucketTypeOf(catalogue), index, contents_, workers_, sources},
      uploads_(shop_) {
  contents_.removeOthers(index.files());
}

Service::~Service() = default;

void Service::forgetContents() { contents_.removeOthers({}); }

std::optional<http::Spool> Service::spool(const http::Request& head) {
  if (head.method != "PUT" || !head.header("x-amz-target").empty()) return {};
  if (const auto call = callOf(head); call.bucket.empty() || call.key.empty()) return {};
  return http::Spool{contents_.fresh(), mostSpooled};
}

void Service::answer(const http::Request& request, const auth::Admission& admission,
                     const std::string& requestId, http::Reply reply) {
  auto exchange = std::make_unique<Exchange>(request, admission, requestId, std::move(reply));
  try {
    refuseForeignPages(shop_, *exchange);
    route(exchange);
  } catch (...) {
    shop_.answer(std::move(exchange), [error = std::current_exception()](Exchange&) -> http::Response {
      std::rethrow_exception(error);
    });
  }
}

void Service::route(std::unique_ptr<Exchange>& exchange) {
  const auto& call = exchange->call;
  const auto name = operationOf(call);
  if (name.empty()) throw refusalOf(call);
  if (!call.key.empty()) checkKey(call.key);
  const auto found = std::ranges::find(quick, name, [](const auto& one) { return one.first; });
  if (found != std::end(quick))
    return shop_.answer(std::move(exchange),
                        [this, function = found->second](Exchange& of) { return function(shop_, of); });
  if (name == "PutObject") return putObject(shop_, exchange);
  if (name == "CopyObject") return copyObject(shop_, exchange);
  if (name == "UploadPart") return uploads_.putPart(exchange);
  if (name == "UploadPartCopy") return uploads_.copyPart(exchange);
  if (name == "CompleteMultipartUpload") return uploads_.complete(exchange);
  shop_.answer(std::move(exchange), [this, name](Exchange& of) {
    if (name == "CreateMultipartUpload") return uploads_.create(of);
    if (name == "AbortMultipartUpload") return uploads_.abort(of);
    return uploads_.listParts(of);
  });
}

void Service::deliver(Delivery delivery, std::function<void(std::string failure)> done) {
  auto failure = std::make_shared<std::string>();
  auto shared = std::make_shared<Delivery>(std::move(delivery));
  workers_.run(
      [this, shared, failure] {
        try {
          contents_.sync(*shared->file);
        } catch (const std::exception& error) {
          *failure = fmt::format("the object {} cannot be kept: {}", shared->key, error.what());
        }
      },
      [this, shared, failure, done = std::move(done)] {
        if (!failure->empty()) return done(*failure);
        keep(*shared, done);
      });
}

void Service::keep(const Delivery& delivery, const std::function<void(std::string failure)>& done) {
  Files files;
  auto failure = shop_.batch.enter();
  try {
    if (!failure.empty()) return done(failure);
    const auto bucket = shop_.index.bucket(delivery.bucket, {});
    if (!bucket) return done(fmt::format("the bucket {} does not exist", delivery.bucket));
    checkKey(delivery.key);
    const auto now = shop_.now();
    Object object;
    object.key = delivery.key;
    object.content.file = delivery.file->path().filename();
    object.content.size = delivery.file->size();
    // No MD5, which would cost more than all else that happens to a segment: S3's clients take an ETag with a
    // dash for no digest of the whole.
    object.content.etag = hex(digest("MD5", object.content.file)) + "-1";
    object.description.headers.emplace_back("Content-Type", delivery.contentType);
    object.modified = now;
    object.role = delivery.role;
    files.left.push_back(shop_.index.put(bucket->id, object));
    files.made.push_back(delivery.file);
    shop_.index.log(*bucket, "PutObject", delivery.key, delivery.role, object.content.size,
                    shop_.sources.now());
  } catch (const Refusal& refused) {
    return done(refused.what());
  } catch (const std::exception& error) {
    shop_.batch.spoil(error.what());
    return done(error.what());
  }
  shop_.settle(std::move(files), [done](const std::string& why) { done(why); });
}

}  // namespace athanor::local::s3
