#include "local/s3/buckets.h"

#include <fmt/format.h>

#include <pugixml.hpp>

#include "base/hex.h"
#include "local/s3/cors.h"
#include "local/s3/description.h"
#include "local/s3/digests.h"
#include "local/s3/text_body.h"
#include "local/s3/xml.h"

namespace athanor::local::s3 {

namespace {

using cloudcontrol::HandlerFailure;
using cloudcontrol::ResourceKey;

http::Response xmlAnswer(std::string body) {
  return {200, {{"Content-Type", "application/xml"}}, std::move(body)};
}

bool isRegion(std::string_view text) {
  return !text.empty() && text.size() <= 32 && text.contains('-') &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

/// The region that a new bucket is made in. Requests that are not signed name none, and get the server's.
std::string wantedRegion(const Exchange& exchange) {
  const auto& here = exchange.caller.region;
  std::string wanted;
  if (const auto body = textBody(exchange.request); !body.empty()) {
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size()) || !document.child("CreateBucketConfiguration"))
      throw malformedXml();
    wanted = document.child("CreateBucketConfiguration").child_value("LocationConstraint");
  }
  if (wanted == "EU") wanted = "eu-west-1";
  if (wanted.empty()) {
    if (!exchange.isSigned || here == "us-east-1") return here;
    throw Refusal(400, "IllegalLocationConstraintException",
                  "The unspecified location constraint is incompatible for the region specific endpoint this "
                  "request was sent to.");
  }
  if (!isRegion(wanted))
    throw Refusal(400, "InvalidLocationConstraint", "The specified location-constraint is not valid",
                  {{"LocationConstraint", wanted}});
  if (wanted != here && here != "us-east-1" && exchange.isSigned)
    throw Refusal(
        400, "IllegalLocationConstraintException",
        fmt::format("The {} location constraint is incompatible for the region specific endpoint this "
                    "request was sent to.",
                    wanted));
  return wanted;
}

void keepModel(Shop& shop, const Bucket& bucket, Json model) {
  try {
    shop.inventory.update(shop.bucketType, {bucket.owner, shop.bucketType.name, bucket.name},
                          std::move(model));
  } catch (const HandlerFailure& failure) {
    throw Refusal(409, "OperationAborted", failure.what());
  }
}

}  // namespace

http::Response listBuckets(Shop& shop, Exchange& exchange) {
  const auto& account = exchange.caller.account;
  const auto prefix = exchange.call.parameter("prefix").value_or("");
  Xml xml("ListAllMyBucketsResult");
  xml.open("Owner").text("ID", hex(digest("SHA256", account))).close("Owner").open("Buckets");
  for (const auto& [bucket, made] : shop.index.buckets(account))
    if (bucket.name.starts_with(prefix))
      xml.open("Bucket")
          .text("Name", bucket.name)
          .text("CreationDate", listTime(made))
          .text("BucketRegion", bucket.owner.region)
          .close("Bucket");
  xml.close("Buckets");
  return xmlAnswer(std::move(xml).done());
}

http::Response createBucket(Shop& shop, Exchange& exchange) {
  const auto& name = exchange.call.bucket;
  if (!isBucketName(name))
    throw Refusal(400, "InvalidBucketName", "The specified bucket is not valid.", {{"BucketName", name}});
  const Caller owner{exchange.caller.account, wantedRegion(exchange)};
  const http::Response made{200, {{"Location", "/" + name}}, ""};
  if (const auto found = shop.index.bucket(name, owner)) {
    if (found->owner.account != owner.account)
      throw Refusal(
          409, "BucketAlreadyExists",
          "The requested bucket name is not available. The bucket namespace is shared by all users of "
          "the system. Please select a different name and try again.",
          {{"BucketName", name}});
    const auto stored = shop.inventory.resources().find({found->owner, shop.bucketType.name, name});
    const bool implied = stored && stored->implied && found->owner == owner;
    // Only the oldest region lets its owners create a bucket again.
    if (!implied && owner.region == "us-east-1" && found->owner.region == "us-east-1") return made;
    if (!implied)
      throw Refusal(409, "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.",
                    {{"BucketName", name}});
  }
  try {
    const auto draft = shop.inventory.draft(owner, shop.bucketType, {{"BucketName", name}});
    shop.inventory.create(shop.bucketType, draft, shop.sources.now());
  } catch (const HandlerFailure& failure) {
    throw Refusal(409, "OperationAborted", failure.what());
  }
  return made;
}

http::Response deleteBucket(Shop& shop, Exchange& exchange) {
  const auto bucket = shop.bucketOf(exchange);
  if (!shop.index.empty(bucket.id))
    throw Refusal(409, "BucketNotEmpty", "The bucket you tried to delete is not empty",
                  {{"BucketName", bucket.name}});
  exchange.files.left = shop.index.uploadedFiles(bucket.id);
  try {
    shop.inventory.remove(shop.bucketType, {bucket.owner, shop.bucketType.name, bucket.name});
  } catch (const HandlerFailure& failure) {
    throw Refusal(409, "OperationAborted", failure.what());
  }
  return {204, {}, ""};
}

http::Response headBucket(Shop& shop, Exchange& exchange) {
  const auto bucket = shop.bucketOf(exchange);
  return {200, {{"Content-Type", "application/xml"}, {"x-amz-bucket-region", bucket.owner.region}}, ""};
}

http::Response getLocation(Shop& shop, Exchange& exchange) {
  const auto region = shop.bucketOf(exchange).owner.region;
  return xmlAnswer(std::move(Xml("LocationConstraint").raw(region == "us-east-1" ? "" : region)).done());
}

http::Response getVersioning(Shop& shop, Exchange& exchange) {
  shop.bucketOf(exchange);
  return xmlAnswer(Xml("VersioningConfiguration").done());
}

http::Response list(Shop& shop, Exchange& exchange, std::string (*made)(Index&, const Bucket&, const Call&)) {
  return xmlAnswer(made(shop.index, shop.bucketOf(exchange), exchange.call));
}

http::Response getCors(Shop& shop, Exchange& exchange) {
  const auto bucket = shop.bucketOf(exchange);
  const auto model = shop.modelOf(bucket);
  const Json::json_pointer at("/CorsConfiguration/CorsRules");
  if (!model.contains(at))
    throw Refusal(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist",
                  {{"BucketName", bucket.name}});
  return xmlAnswer(corsXml(model.at(at)));
}

http::Response getTagging(Shop& shop, Exchange& exchange) {
  const auto bucket = shop.bucketOf(exchange);
  const auto model = shop.modelOf(bucket);
  if (!model.contains("Tags") || model["Tags"].empty())
    throw Refusal(404, "NoSuchTagSet", "The TagSet does not exist", {{"BucketName", bucket.name}});
  Xml xml("Tagging");
  xml.open("TagSet");
  for (const auto& tag : model["Tags"])
    xml.open("Tag").text("Key", stringAt(tag, "Key")).text("Value", stringAt(tag, "Value")).close("Tag");
  xml.close("TagSet");
  return xmlAnswer(std::move(xml).done());
}

http::Response putCors(Shop& shop, Exchange& exchange) {
  const auto bucket = shop.bucketOf(exchange);
  auto model = shop.modelOf(bucket);
  model["CorsConfiguration"] = {{"CorsRules", corsRulesOf(textBody(exchange.request))}};
  keepModel(shop, bucket, std::move(model));
  return {};
}

http::Response deleteCors(Shop& shop, Exchange& exchange) {
  const auto bucket = shop.bucketOf(exchange);
  auto model = shop.modelOf(bucket);
  model.erase("CorsConfiguration");
  keepModel(shop, bucket, std::move(model));
  return {204, {}, ""};
}

}  // namespace athanor::local::s3
