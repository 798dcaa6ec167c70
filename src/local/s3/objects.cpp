#include "local/s3/objects.h"

#include <fmt/format.h>

#include <pugixml.hpp>

#include "aws/uri.h"
#include "local/s3/conditions.h"
#include "local/s3/description.h"
#include "local/s3/intake.h"
#include "local/s3/text_body.h"
#include "local/s3/xml.h"

namespace athanor::local::s3 {

namespace {

constexpr std::uint64_t mostInOnePut = std::uint64_t{5} << 30;  // "Amazon S3 multipart upload limits"
constexpr const char* usualChecksum = "CRC64NVME";

std::optional<Validators> validatorsOf(const std::optional<Object>& object) {
  if (!object) return {};
  return Validators{object->content.etag, object->modified};
}

/// Makes `object` what lies under its key, if the request's conditions hold.
void keep(Shop& shop, Exchange& exchange, const Bucket& bucket, const Object& object,
          std::shared_ptr<http::BodyFile> file) {
  checkWrite(exchange.request, object.key, validatorsOf(shop.index.find(bucket.id, object.key)));
  exchange.files.made.push_back(std::move(file));
  exchange.files.left.push_back(shop.index.put(bucket.id, object));
}

http::Response put(Shop& shop, Exchange& exchange, Content content) {
  const auto bucket = shop.bucketOf(exchange);
  Object object;
  object.key = exchange.call.key;
  object.content = std::move(content);
  object.description = descriptionOf(exchange.request);
  object.modified = shop.now();
  keep(shop, exchange, bucket, object, exchange.request.bodyFile);
  http::Response out;
  out.headers.emplace_back("ETag", quotedEtag(object.content.etag));
  tellChecksum(object.content.checksum, out.headers);
  return out;
}

/// What a copy is made of.
struct Copy {
  Object object;
  std::shared_ptr<http::BodyFile> file;
};

Copy begunCopy(Shop& shop, const Exchange& exchange) {
  const auto& call = exchange.call;
  Copy out{copySource(shop, exchange), nullptr};
  const auto directive = call.header("x-amz-metadata-directive");
  if (!directive.empty() && directive != "COPY" && directive != "REPLACE")
    throw invalidArgument("x-amz-metadata-directive", std::string(directive), "Unknown metadata directive.");
  if (out.object.content.size > mostInOnePut)
    throw Refusal(
        400, "InvalidRequest",
        fmt::format("The specified copy source is larger than the maximum allowable size for a copy "
                    "source: {}",
                    mostInOnePut));
  auto described = descriptionOf(exchange.request);
  if (directive == "REPLACE") out.object.description = std::move(described);
  out.file =
      std::make_shared<http::BodyFile>(shop.contents.fresh(), shop.contents.path(out.object.content.file));
  return out;
}

http::Response finishCopy(Shop& shop, Exchange& exchange, Copy copy) {
  const auto bucket = shop.bucketOf(exchange);
  copy.object.key = exchange.call.key;
  copy.object.modified = shop.now();
  copy.object.role.clear();
  const auto content = copy.object.content;
  keep(shop, exchange, bucket, copy.object, std::move(copy.file));
  Xml xml("CopyObjectResult");
  xml.text("LastModified", listTime(copy.object.modified)).text("ETag", quotedEtag(content.etag));
  if (const auto& checksum = content.checksum; !checksum.algorithm.empty())
    xml.text("Checksum" + checksum.algorithm, checksum.value)
        .text("ChecksumType", checksum.composite ? "COMPOSITE" : "FULL_OBJECT");
  return {200, {{"Content-Type", "application/xml"}}, std::move(xml).done()};
}

/// The part of an object that Range or partNumber asks for; none for all of it.
std::optional<Range> askedRange(const Call& call, std::uint64_t size) {
  const auto part = call.parameter("partNumber");
  if (!part) return rangeOf(call.header("range"), size);
  if (!call.header("range").empty())
    throw Refusal(400, "InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
  if (*part != "1") throw Refusal(416, "InvalidPartNumber", "The requested partnumber is not satisfiable");
  return {};
}

}  // namespace

void tellChecksum(const Checksum& checksum, http::Headers& headers) {
  if (checksum.algorithm.empty()) return;
  headers.emplace_back(checksumHeaderName(checksum.algorithm), checksum.value);
  headers.emplace_back("x-amz-checksum-type", checksum.composite ? "COMPOSITE" : "FULL_OBJECT");
}

void checkVersion(const std::string& version) {
  if (version != "null" && !version.empty())
    throw invalidArgument("versionId", version, "Invalid version id specified");
}

Object copySource(Shop& shop, const Exchange& exchange) {
  auto text = std::string(exchange.call.header("x-amz-copy-source"));
  std::string version;
  if (const auto question = text.find("?versionId="); question != std::string::npos) {
    version = text.substr(question + std::string_view("?versionId=").size());
    text.resize(question);
  }
  text = aws::percentDecode(text);
  if (text.starts_with('/')) text.erase(0, 1);
  const auto slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size())
    throw invalidArgument("x-amz-copy-source", text,
                          "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  checkVersion(version);
  const auto bucket = shop.bucketOf(exchange, text.substr(0, slash));
  const auto key = text.substr(slash + 1);
  auto found = shop.index.find(bucket.id, key);
  if (!found) throw noSuchKey(key);
  checkRead(exchange.request, *validatorsOf(found), ConditionNames::copySource());
  const bool itself = bucket.name == exchange.call.bucket && key == exchange.call.key;
  if (itself && exchange.call.header("x-amz-metadata-directive") != "REPLACE" &&
      !exchange.call.has("uploadId"))
    throw Refusal(400, "InvalidRequest",
                  "This copy request is illegal because it is trying to copy an object to itself without "
                  "changing the object's metadata, storage class, website redirect location or encryption "
                  "attributes.");
  return *std::move(found);
}

void putObject(Shop& shop, std::unique_ptr<Exchange>& exchange) {
  auto& at = *exchange;
  const auto bucket = shop.bucketOf(at);
  const auto file = at.request.bodyFile;
  auto promise = promiseOf(at.request);
  promise.signing = at.signing;
  if (promise.algorithm.empty()) promise.algorithm = usualChecksum;
  descriptionOf(at.request);  // refuses what it refuses before the work is done
  checkWrite(at.request, at.call.key, validatorsOf(shop.index.find(bucket.id, at.call.key)));
  shop.answer<Content>(
      std::move(exchange),
      [&contents = shop.contents, file, promise] { return receive(*file, promise, contents); },
      [&shop](Exchange& of, Content content) { return put(shop, of, std::move(content)); });
}

void copyObject(Shop& shop, std::unique_ptr<Exchange>& exchange) {
  shop.bucketOf(*exchange);
  auto copy = std::make_shared<Copy>(begunCopy(shop, *exchange));
  shop.answer<Copy>(
      std::move(exchange),
      [&contents = shop.contents, copy] {
        auto& content = copy->object.content;
        if (content.etag.contains('-')) {  // what came in parts is one now, and has the ETag of one
          const bool composite = content.checksum.composite;
          content = receive(*copy->file,
                            {.algorithm = composite ? content.checksum.algorithm : usualChecksum}, contents);
        } else {
          contents.sync(*copy->file);
          content.file = copy->file->path().filename();
        }
        return std::move(*copy);
      },
      [&shop](Exchange& of, Copy done) { return finishCopy(shop, of, std::move(done)); });
}

http::Response getObject(Shop& shop, Exchange& exchange) {
  const auto& call = exchange.call;
  const auto bucket = shop.bucketOf(exchange);
  checkVersion(call.parameter("versionId").value_or(""));
  const auto found = shop.index.find(bucket.id, call.key);
  if (!found) throw noSuchKey(call.key);
  http::Response out;
  out.headers = headersOf(*found, call);
  try {
    checkRead(exchange.request, *validatorsOf(found), ConditionNames::read());
  } catch (const Refusal& failure) {
    if (failure.status() != 304) throw;
    out.status = 304;
    std::erase_if(out.headers, [](const auto& header) { return header.first == "Content-Type"; });
    return out;
  }
  const auto size = found->content.size;
  const auto range = askedRange(call, size);
  const auto [offset, length] = range.value_or(Range{0, size});
  if (range) {
    out.status = 206;
    out.headers.emplace_back("Content-Range",
                             fmt::format("bytes {}-{}/{}", offset, offset + length - 1, size));
    std::erase_if(out.headers,
                  [](const auto& header) { return header.first.starts_with("x-amz-checksum-"); });
  }
  if (call.method() == "HEAD")
    out.headers.emplace_back("Content-Length", std::to_string(length));
  else
    out.file = http::FileRange{std::make_shared<http::OpenFile>(shop.contents.path(found->content.file)),
                               offset, length};
  return out;
}

http::Response getObjectTagging(Shop& shop, Exchange& exchange) {
  const auto bucket = shop.bucketOf(exchange);
  if (!shop.index.find(bucket.id, exchange.call.key)) throw noSuchKey(exchange.call.key);
  return {200,
          {{"Content-Type", "application/xml"}},
          std::move(Xml("Tagging").open("TagSet").close("TagSet")).done()};
}

http::Response deleteObject(Shop& shop, Exchange& exchange) {
  const auto bucket = shop.bucketOf(exchange);
  const auto& call = exchange.call;
  checkVersion(call.parameter("versionId").value_or(""));
  if (!call.header("if-match").empty())
    checkWrite(exchange.request, call.key, validatorsOf(shop.index.find(bucket.id, call.key)));
  if (auto file = shop.index.erase(bucket.id, call.key)) exchange.files.left.push_back(*std::move(file));
  return {204, {}, ""};
}

http::Response deleteObjects(Shop& shop, Exchange& exchange) {
  constexpr std::ptrdiff_t most = 1000;
  const auto bucket = shop.bucketOf(exchange);
  const auto body = textBody(exchange.request, true);
  pugi::xml_document document;
  const auto read =
      document.load_buffer(body.data(), body.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  const auto root = document.child("Delete");
  const auto objects = root.children("Object");
  const auto count = std::distance(objects.begin(), objects.end());
  if (!read || count == 0 || count > most) throw malformedXml();
  const bool quiet = std::string_view(root.child_value("Quiet")) == "true";
  Xml xml("DeleteResult");
  for (const auto object : objects) {
    const std::string key = object.child_value("Key"), version = object.child_value("VersionId");
    if (key.empty()) throw malformedXml();
    if (!version.empty() && version != "null") {
      xml.open("Error").text("Key", key).text("VersionId", version).text("Code", "NoSuchVersion");
      xml.text("Message", "The specified version does not exist.").close("Error");
      continue;
    }
    if (auto file = shop.index.erase(bucket.id, key)) exchange.files.left.push_back(*std::move(file));
    if (quiet) continue;
    xml.open("Deleted").text("Key", key);
    if (!version.empty()) xml.text("VersionId", version);
    xml.close("Deleted");
  }
  return {200, {{"Content-Type", "application/xml"}}, std::move(xml).done()};
}

}  // namespace athanor::local::s3
