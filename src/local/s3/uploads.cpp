#include "local/s3/uploads.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "aws/text.h"
#include "base/hex.h"
#include "local/base64.h"
#include "local/s3/conditions.h"
#include "local/s3/description.h"
#include "local/s3/digests.h"
#include "local/s3/intake.h"
#include "local/s3/objects.h"
#include "local/s3/text_body.h"
#include "local/s3/xml.h"

namespace athanor::local::s3 {

namespace {

// "Amazon S3 multipart upload limits" in the S3 user guide.
constexpr std::uint64_t leastPart = std::uint64_t{5} << 20;
constexpr int mostParts = 10'000;
constexpr std::uint64_t mostInOnePart = std::uint64_t{5} << 30;

std::optional<int> integer(std::string_view text) {
  int out = 0;
  const auto* const stop = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), stop, out);
  if (text.empty() || error != std::errc{} || end != stop) return {};
  return out;
}

int partNumber(const Call& call) {
  const auto text = call.parameter("partNumber").value_or("");
  const auto number = integer(text);
  if (!number || *number < 1 || *number > mostParts)
    throw invalidArgument("partNumber", text,
                          "Part number must be an integer between 1 and 10000, inclusive");
  return *number;
}

/// What CreateMultipartUpload says of checksums. Without a word, S3 keeps CRC-64/NVME of the whole object.
Checksum wantedChecksum(const Call& call) {
  const std::string algorithm(call.header("x-amz-checksum-algorithm"));
  const std::string type(call.header("x-amz-checksum-type"));
  if (algorithm.empty()) return {"CRC64NVME", "", false};
  if (!isChecksumAlgorithm(algorithm))
    throw Refusal(400, "InvalidRequest",
                  "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                  "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
  const bool composite = type.empty() ? algorithm != "CRC64NVME" : type == "COMPOSITE";
  if (composite ? algorithm == "CRC64NVME" : !ofWholeObjects(algorithm))
    throw Refusal(400, "InvalidRequest",
                  fmt::format("The {} checksum type cannot be used with the {} checksum algorithm.",
                              composite ? "COMPOSITE" : "FULL_OBJECT", aws::lower(algorithm)));
  return {algorithm, "", composite};
}

/// A part as CompleteMultipartUpload names it.
struct Named {
  int number = 0;
  std::string etag;
  std::string checksum;  ///< "" = not said
};

std::vector<Named> namedParts(const std::string& xml, const std::string& algorithm) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) throw malformedXml();
  std::vector<Named> out;
  for (const auto part : document.child("CompleteMultipartUpload").children("Part")) {
    const auto number = integer(part.child_value("PartNumber"));
    std::string etag = part.child_value("ETag");
    std::erase(etag, '"');
    if (!number || etag.empty()) throw malformedXml();
    out.push_back({*number, etag, part.child_value(("Checksum" + algorithm).c_str())});
  }
  if (out.empty() || out.size() > mostParts) throw malformedXml();
  if (std::ranges::adjacent_find(out, std::ranges::greater_equal{}, &Named::number) != out.end())
    throw Refusal(400, "InvalidPartOrder",
                  "The list of parts was not in ascending order. Parts must be ordered by part number.");
  return out;
}

Refusal invalidPart(const std::string& uploadId, const Named& part) {
  return {
      400,
      "InvalidPart",
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
      "specified entity tag may not match the part's entity tag.",
      {{"UploadId", uploadId}, {"PartNumber", std::to_string(part.number)}, {"ETag", part.etag}}};
}

/// Those of the uploaded parts that are named.
std::vector<Part> chosen(const std::vector<Part>& uploaded, const std::vector<Named>& named,
                         const std::string& uploadId) {
  std::vector<Part> out;
  for (const auto& one : named) {
    const auto found = std::ranges::lower_bound(uploaded, one.number, {}, &Part::number);
    if (found == uploaded.end() || found->number != one.number || found->content.etag != one.etag ||
        (!one.checksum.empty() && one.checksum != found->content.checksum.value))
      throw invalidPart(uploadId, one);
    out.push_back(*found);
  }
  for (std::size_t i = 0; i + 1 < out.size(); ++i)
    if (out[i].content.size < leastPart)
      throw Refusal(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
                    {{"ProposedSize", std::to_string(out[i].content.size)},
                     {"MinSizeAllowed", std::to_string(leastPart)},
                     {"PartNumber", std::to_string(out[i].number)},
                     {"ETag", out[i].content.etag}});
  return out;
}

/// The MD5 of the parts' MD5s, and how many there are.
std::string joinedEtag(const std::vector<Part>& parts) {
  std::string md5s;
  for (const auto& part : parts) md5s += unhex(part.content.etag);
  return fmt::format("{}-{}", hex(digest("MD5", md5s)), parts.size());
}

/// The same of checksums, which are in base64.
std::string compositeChecksum(const std::string& algorithm, const std::vector<Part>& parts) {
  std::string all;
  for (const auto& part : parts) all += unbase64(part.content.checksum.value).value_or("");
  return fmt::format("{}-{}", base64(digest(algorithm, all)), parts.size());
}

/// What completing an upload is about to make.
struct Joining {
  Upload upload;
  std::vector<Part> parts;
  std::shared_ptr<http::BodyFile> file;
  Content content;
};

void joinParts(Joining& work, Contents& contents) {
  const auto& wanted = work.upload.checksum;
  auto& out = work.content;
  out.checksum = wanted;
  std::vector<Content> parts;
  for (const auto& part : work.parts) parts.push_back(part.content);
  const auto whole = join(*work.file, parts, wanted.composite ? "" : wanted.algorithm, contents);
  out.checksum.value = wanted.composite ? compositeChecksum(wanted.algorithm, work.parts) : whole;
  out.file = work.file->path().filename();
  out.size = work.file->size();
  out.etag = joinedEtag(work.parts);
}

void checkWhole(const Exchange& exchange, const Content& content) {
  const auto said = checksumHeader(exchange.request.headers);
  if (said && said->first == content.checksum.algorithm && said->second != content.checksum.value)
    throw Refusal(400, "BadDigest",
                  fmt::format("The {} you specified did not match the calculated checksum.", said->first));
  const auto size = exchange.call.header("x-amz-mp-object-size");
  if (!size.empty() && size != std::to_string(content.size))
    throw Refusal(400, "InvalidRequest",
                  "The provided 'x-amz-mp-object-size' header value does not match what was computed.");
}

std::string completedXml(const Exchange& exchange, const Content& content) {
  const auto& call = exchange.call;
  Xml xml("CompleteMultipartUploadResult");
  xml.text("Location", fmt::format("http://{}/{}/{}", call.header("host"), call.bucket, call.key));
  xml.text("Bucket", call.bucket).text("Key", call.key).text("ETag", quotedEtag(content.etag));
  xml.text("Checksum" + content.checksum.algorithm, content.checksum.value);
  xml.text("ChecksumType", content.checksum.composite ? "COMPOSITE" : "FULL_OBJECT");
  return std::move(xml).done();
}

}  // namespace

Upload Uploads::uploadOf(const Exchange& exchange) {
  const auto bucket = shop_.bucketOf(exchange);
  const auto token = exchange.call.parameter("uploadId").value_or("");
  auto found = shop_.index.upload(bucket.id, exchange.call.key, token);
  if (!found) throw noSuchUpload(token);
  if (completing_->contains(found->id))
    throw Refusal(
        409, "OperationAborted",
        "A conflicting conditional operation is currently in progress against this resource. Please "
        "try again.");
  return *std::move(found);
}

http::Response Uploads::create(Exchange& exchange) {
  const auto bucket = shop_.bucketOf(exchange);
  Upload upload;
  upload.bucket = bucket.id;
  upload.token = randomId(shop_.sources, 64);
  upload.key = exchange.call.key;
  upload.description = descriptionOf(exchange.request);
  upload.checksum = wantedChecksum(exchange.call);
  upload.begun = shop_.now();
  shop_.index.begin(upload);
  Xml xml("InitiateMultipartUploadResult");
  xml.text("Bucket", bucket.name).text("Key", upload.key).text("UploadId", upload.token);
  http::Response out{200, {{"Content-Type", "application/xml"}}, std::move(xml).done()};
  if (!exchange.call.header("x-amz-checksum-algorithm").empty()) {
    out.headers.emplace_back("x-amz-checksum-algorithm", upload.checksum.algorithm);
    out.headers.emplace_back("x-amz-checksum-type", upload.checksum.composite ? "COMPOSITE" : "FULL_OBJECT");
  }
  return out;
}

http::Response Uploads::keepPart(Exchange& exchange, Content content, std::shared_ptr<http::BodyFile> file,
                                 bool copied) {
  const auto upload = uploadOf(exchange);  // it may have ended meanwhile
  const Part part{partNumber(exchange.call), std::move(content), shop_.now()};
  exchange.files.made.push_back(std::move(file));
  exchange.files.left.push_back(shop_.index.put(upload.id, part));
  const auto& checksum = part.content.checksum;
  if (!copied) {
    http::Response out;
    out.headers.emplace_back("ETag", quotedEtag(part.content.etag));
    if (!checksum.algorithm.empty())
      out.headers.emplace_back(checksumHeaderName(checksum.algorithm), checksum.value);
    return out;
  }
  Xml xml("CopyPartResult");
  xml.text("LastModified", listTime(part.modified)).text("ETag", quotedEtag(part.content.etag));
  if (!checksum.algorithm.empty()) xml.text("Checksum" + checksum.algorithm, checksum.value);
  return {200, {{"Content-Type", "application/xml"}}, std::move(xml).done()};
}

void Uploads::putPart(std::unique_ptr<Exchange>& exchange) {
  auto& at = *exchange;
  const auto upload = uploadOf(at);
  partNumber(at.call);
  auto promise = promiseOf(at.request);
  promise.signing = at.signing;
  if (!promise.algorithm.empty() && promise.algorithm != upload.checksum.algorithm &&
      upload.checksum.composite)
    throw Refusal(400, "InvalidRequest",
                  fmt::format("Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum "
                              "Type: {}",
                              aws::lower(upload.checksum.algorithm), aws::lower(promise.algorithm)));
  if (promise.algorithm.empty()) promise.algorithm = upload.checksum.algorithm;
  const auto file = at.request.bodyFile;
  shop_.answer<Content>(
      std::move(exchange),
      [&contents = shop_.contents, file, promise] { return receive(*file, promise, contents); },
      [this](Exchange& of, Content content) {
        return keepPart(of, std::move(content), of.request.bodyFile, false);
      });
}

void Uploads::copyPart(std::unique_ptr<Exchange>& exchange) {
  auto& at = *exchange;
  const auto upload = uploadOf(at);
  partNumber(at.call);
  const auto source = copySource(shop_, at);
  const std::string asked(at.call.header("x-amz-copy-source-range"));
  const auto range = rangeOf(asked, source.content.size);
  if (!asked.empty() && (!range || range->offset + range->size > source.content.size))
    throw invalidArgument(
        "x-amz-copy-source-range", asked,
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first "
        "and last are the zero-based offsets of the first and last bytes to copy");
  const auto [offset, size] = range.value_or(Range{0, source.content.size});
  if (size > mostInOnePart)
    throw Refusal(400, "InvalidRequest",
                  "The specified copy source is larger than the maximum allowable size for a copy source");
  struct Made {
    Content content;
    std::shared_ptr<http::BodyFile> file;
  };
  const auto from = std::make_shared<http::OpenFile>(shop_.contents.path(source.content.file));
  const auto file = std::make_shared<http::BodyFile>(shop_.contents.fresh());
  shop_.answer<Made>(
      std::move(exchange),
      [&contents = shop_.contents, from, file, part = Range{offset, size},
       algorithm = upload.checksum.algorithm] {
        append(*file, *from, part.offset, part.size);
        return Made{receive(*file, {.algorithm = algorithm}, contents), file};
      },
      [this](Exchange& of, Made made) {
        return keepPart(of, std::move(made.content), std::move(made.file), true);
      });
}

void Uploads::complete(std::unique_ptr<Exchange>& exchange) {
  auto& at = *exchange;
  auto work = std::make_shared<Joining>();
  work->upload = uploadOf(at);
  const auto& upload = work->upload;
  const auto named = namedParts(textBody(at.request), upload.checksum.algorithm);
  work->parts = chosen(shop_.index.parts(upload.id, 0, mostParts), named, upload.token);
  const auto check = [this, key = at.call.key](const Exchange& of, const Bucket& bucket) {
    std::optional<Validators> there;
    if (const auto found = shop_.index.find(bucket.id, key))
      there = Validators{found->content.etag, found->modified};
    checkWrite(of.request, key, there);
  };
  check(at, shop_.bucketOf(at));
  work->file = std::make_shared<http::BodyFile>(shop_.contents.fresh());
  completing_->insert(upload.id);
  // Also where the job fails: the upload can then be completed again.
  std::shared_ptr<void> lock(nullptr, [all = completing_, id = upload.id](void*) { all->erase(id); });
  shop_.answer<bool>(
      std::move(exchange),
      [&contents = shop_.contents, work] {
        joinParts(*work, contents);
        return true;
      },
      [this, work, check, lock](Exchange& of, bool) mutable {
        lock.reset();
        const auto again = uploadOf(of);  // its bucket may be gone
        checkWhole(of, work->content);
        const auto bucket = shop_.bucketOf(of);
        check(of, bucket);
        Object object{of.call.key, work->content, again.description, shop_.now(), ""};
        of.files.made.push_back(std::move(work->file));
        of.files.left = shop_.index.end(again.id);
        of.files.left.push_back(shop_.index.put(bucket.id, object));
        return http::Response{200, {{"Content-Type", "application/xml"}}, completedXml(of, object.content)};
      });
}

http::Response Uploads::abort(Exchange& exchange) {
  exchange.files.left = shop_.index.end(uploadOf(exchange).id);
  return {204, {}, ""};
}

http::Response Uploads::listParts(Exchange& exchange) {
  constexpr int mostPerPage = 1000;
  const auto& call = exchange.call;
  const auto upload = uploadOf(exchange);
  const int most =
      std::clamp(integer(call.parameter("max-parts").value_or("")).value_or(mostPerPage), 0, mostPerPage);
  const int after = integer(call.parameter("part-number-marker").value_or("")).value_or(0);
  auto parts = shop_.index.parts(upload.id, after, most + 1);
  const bool more = static_cast<int>(parts.size()) > most;
  if (more) parts.pop_back();
  Xml xml("ListPartsResult");
  xml.text("Bucket", call.bucket).text("Key", call.key).text("UploadId", upload.token);
  xml.text("StorageClass", "STANDARD")
      .number("PartNumberMarker", static_cast<std::uint64_t>(std::max(after, 0)));
  if (more && !parts.empty())
    xml.number("NextPartNumberMarker", static_cast<std::uint64_t>(parts.back().number));
  xml.number("MaxParts", static_cast<std::uint64_t>(most)).flag("IsTruncated", more && most > 0);
  xml.text("ChecksumAlgorithm", upload.checksum.algorithm)
      .text("ChecksumType", upload.checksum.composite ? "COMPOSITE" : "FULL_OBJECT");
  for (const auto& part : parts) {
    xml.open("Part").number("PartNumber", static_cast<std::uint64_t>(part.number));
    xml.text("LastModified", listTime(part.modified)).text("ETag", quotedEtag(part.content.etag));
    xml.number("Size", part.content.size);
    if (const auto& checksum = part.content.checksum; !checksum.algorithm.empty())
      xml.text("Checksum" + checksum.algorithm, checksum.value);
    xml.close("Part");
  }
  return {200, {{"Content-Type", "application/xml"}}, std::move(xml).done()};
}

}  // namespace athanor::local::s3
