#include "local/s3/listing.h"

#include <algorithm>
#include <charconv>

#include "aws/uri.h"
#include "base/hex.h"
#include "local/s3/description.h"
#include "local/s3/digests.h"
#include "local/s3/refusals.h"
#include "local/s3/xml.h"

namespace athanor::local::s3 {

namespace {

constexpr int mostPerPage = 1000;

/// The first text that no text beginning with `prefix` comes after; "" where there is none.
std::string past(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

/// "a/b/" of "a/b/c" where the prefix is "a/" and the delimiter "/"; "" for a key that stands for itself.
std::string commonPrefix(const std::string& key, const ListRequest& request) {
  if (request.delimiter.empty()) return "";
  const auto at = key.find(request.delimiter, request.prefix.size());
  return at == std::string::npos ? "" : key.substr(0, at + request.delimiter.size());
}

int numberOf(const Call& call, std::string_view name, int fallback) {
  const auto text = call.parameter(name);
  if (!text || text->empty()) return fallback;
  int out = 0;
  const auto* const stop = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), stop, out);
  if (error != std::errc{} || end != stop)
    throw invalidArgument(std::string(name), *text,
                          "Provided " + std::string(name) + " not an integer or within integer range");
  if (out < 0)
    throw invalidArgument(std::string(name), *text,
                          "Argument " + std::string(name) + " must be an integer between 0 and 2147483647");
  return std::min(out, fallback);
}

/// How keys are written: as they are, or percent-encoded where encoding-type=url is asked for.
class Spelling {
 public:
  explicit Spelling(const Call& call) : url_(call.parameter("encoding-type").value_or("") == "url") {
    if (const auto type = call.parameter("encoding-type"); type && !type->empty() && *type != "url")
      throw invalidArgument("encoding-type", *type, "Invalid Encoding Method specified in Request");
  }
  std::string operator()(std::string_view text) const {
    return url_ ? aws::percentEncode(text, true) : std::string(text);
  }
  void tell(Xml& xml) const {
    if (url_) xml.text("EncodingType", "url");
  }

 private:
  bool url_;
};

ListRequest requestOf(const Call& call) {
  ListRequest out;
  out.prefix = call.parameter("prefix").value_or("");
  out.delimiter = call.parameter("delimiter").value_or("");
  out.most = numberOf(call, "max-keys", mostPerPage);
  return out;
}

void tellOwner(Xml& xml, const Caller& owner) {
  xml.open("Owner").text("ID", hex(digest("SHA256", owner.account))).close("Owner");
}

void tell(Xml& xml, const Listed& object, const Spelling& spelled) {
  xml.text("Key", spelled(object.key))
      .text("LastModified", listTime(object.modified))
      .text("ETag", quotedEtag(object.etag));
  if (!object.checksum.empty())
    xml.text("ChecksumAlgorithm", object.checksum)
        .text("ChecksumType", object.composite ? "COMPOSITE" : "FULL_OBJECT");
  xml.number("Size", object.size).text("StorageClass", "STANDARD");
}

void tellPrefixes(Xml& xml, const ListPage& page, const Spelling& spelled) {
  for (const auto& prefix : page.prefixes)
    xml.open("CommonPrefixes").text("Prefix", spelled(prefix)).close("CommonPrefixes");
}

void tellRequest(Xml& xml, const Bucket& bucket, const ListRequest& asked, const Spelling& spelled) {
  xml.text("Name", bucket.name).text("Prefix", spelled(asked.prefix));
  if (!asked.delimiter.empty()) xml.text("Delimiter", spelled(asked.delimiter));
  spelled.tell(xml);
}

}  // namespace

ListPage listed(Index& index, std::int64_t bucket, const ListRequest& request) {
  ListPage page;
  if (request.most == 0) return page;
  auto from = request.prefix;
  bool inclusive = true;
  if (!request.after.empty() && request.after >= from) {
    // A common prefix stands for all that begins with it.
    const bool group = !request.delimiter.empty() && commonPrefix(request.after, request) == request.after;
    from = group ? past(request.after) : request.after;
    inclusive = group;
    if (from.empty()) return page;
  }
  const auto full = [&] {
    return static_cast<int>(page.objects.size() + page.prefixes.size()) == request.most;
  };
  for (;;) {
    const int batch = request.most + 1;
    auto found = index.list(bucket, from, inclusive, batch);
    const bool last = static_cast<int>(found.size()) < batch;
    bool skipped = false;
    for (auto& object : found) {
      if (!object.key.starts_with(request.prefix)) return page;
      if (full()) {
        page.more = true;
        return page;
      }
      from = object.key;
      inclusive = false;
      if (auto group = commonPrefix(object.key, request); !group.empty()) {
        from = past(group);
        page.last = group;
        page.prefixes.push_back(std::move(group));
        if (from.empty()) return page;
        inclusive = skipped = true;
        break;
      }
      page.last = object.key;
      page.objects.push_back(std::move(object));
    }
    if (last && !skipped) return page;
  }
}

std::string listObjects(Index& index, const Bucket& bucket, const Call& call) {
  const Spelling spelled(call);
  auto asked = requestOf(call);
  asked.after = call.parameter("marker").value_or("");
  const auto page = listed(index, bucket.id, asked);
  Xml xml("ListBucketResult");
  tellRequest(xml, bucket, asked, spelled);
  xml.text("Marker", spelled(asked.after)).number("MaxKeys", static_cast<std::uint64_t>(asked.most));
  xml.flag("IsTruncated", page.more);
  // Without a delimiter, the last key is where the next page begins.
  if (page.more && !asked.delimiter.empty()) xml.text("NextMarker", spelled(page.last));
  for (const auto& object : page.objects) {
    xml.open("Contents");
    tell(xml, object, spelled);
    tellOwner(xml, bucket.owner);
    xml.close("Contents");
  }
  tellPrefixes(xml, page, spelled);
  return std::move(xml).done();
}

std::string listObjectsV2(Index& index, const Bucket& bucket, const Call& call) {
  const Spelling spelled(call);
  auto asked = requestOf(call);
  const auto start = call.parameter("start-after").value_or("");
  const auto token = call.parameter("continuation-token");
  if (token && (token->empty() || !isHex(*token, token->size() / 2)))
    throw invalidArgument("continuation-token", *token, "The continuation token provided is incorrect");
  asked.after = token ? unhex(*token) : start;
  const auto page = listed(index, bucket.id, asked);
  Xml xml("ListBucketResult");
  tellRequest(xml, bucket, asked, spelled);
  xml.number("KeyCount", page.objects.size() + page.prefixes.size())
      .number("MaxKeys", static_cast<std::uint64_t>(asked.most))
      .flag("IsTruncated", page.more);
  if (!start.empty()) xml.text("StartAfter", spelled(start));
  if (token) xml.text("ContinuationToken", *token);
  if (page.more) xml.text("NextContinuationToken", hex(page.last));
  const bool owned = call.parameter("fetch-owner").value_or("") == "true";
  for (const auto& object : page.objects) {
    xml.open("Contents");
    tell(xml, object, spelled);
    if (owned) tellOwner(xml, bucket.owner);
    xml.close("Contents");
  }
  tellPrefixes(xml, page, spelled);
  return std::move(xml).done();
}

std::string listVersions(Index& index, const Bucket& bucket, const Call& call) {
  const Spelling spelled(call);
  auto asked = requestOf(call);
  const auto marker = call.parameter("key-marker").value_or("");
  const auto version = call.parameter("version-id-marker").value_or("");
  if (marker.empty() && !version.empty())
    throw invalidArgument("version-id-marker", version,
                          "A version-id marker cannot be specified without a key marker.");
  asked.after = marker;
  const auto page = listed(index, bucket.id, asked);
  Xml xml("ListVersionsResult");
  tellRequest(xml, bucket, asked, spelled);
  xml.text("KeyMarker", spelled(marker)).text("VersionIdMarker", version);
  xml.number("MaxKeys", static_cast<std::uint64_t>(asked.most)).flag("IsTruncated", page.more);
  if (page.more) {
    xml.text("NextKeyMarker", spelled(page.last));
    if (!page.objects.empty() && page.objects.back().key == page.last)
      xml.text("NextVersionIdMarker", "null");
  }
  for (const auto& object : page.objects) {
    xml.open("Version");
    tell(xml, object, spelled);
    xml.text("VersionId", "null").flag("IsLatest", true);
    tellOwner(xml, bucket.owner);
    xml.close("Version");
  }
  tellPrefixes(xml, page, spelled);
  return std::move(xml).done();
}

std::string listUploads(Index& index, const Bucket& bucket, const Call& call) {
  const Spelling spelled(call);
  ListRequest asked;
  asked.prefix = call.parameter("prefix").value_or("");
  asked.delimiter = call.parameter("delimiter").value_or("");
  const int most = numberOf(call, "max-uploads", mostPerPage);
  auto key = call.parameter("key-marker").value_or("");
  auto token = call.parameter("upload-id-marker").value_or("");
  Xml xml("ListMultipartUploadsResult");
  xml.text("Bucket", bucket.name).text("KeyMarker", spelled(key)).text("UploadIdMarker", token);
  xml.text("Prefix", spelled(asked.prefix)).number("MaxUploads", static_cast<std::uint64_t>(most));
  if (!asked.delimiter.empty()) xml.text("Delimiter", spelled(asked.delimiter));
  spelled.tell(xml);
  // Without an upload's id, all uploads of the marker's key were told, and with one its common prefix.
  auto told = key.empty() ? "" : commonPrefix(key, asked);
  if (!key.empty() && token.empty()) token = "\xFF";
  std::vector<Upload> uploads;
  ListPage groups;
  bool more = false;
  for (bool last = false; !last && !more;) {
    const auto found = index.uploads(bucket.id, key, token, mostPerPage);
    last = static_cast<int>(found.size()) < mostPerPage;
    for (const auto& upload : found) {
      const auto group = upload.key.starts_with(asked.prefix) ? commonPrefix(upload.key, asked) : "";
      const bool entry = upload.key.starts_with(asked.prefix) && (group.empty() || group != told);
      if (entry && static_cast<int>(uploads.size() + groups.prefixes.size()) == most) {
        more = true;
        break;
      }
      key = upload.key;
      token = upload.token;
      if (!entry) continue;
      told = group;
      if (group.empty())
        uploads.push_back(upload);
      else
        groups.prefixes.push_back(group);
    }
  }
  more = more && most > 0;
  xml.flag("IsTruncated", more);
  if (more) xml.text("NextKeyMarker", spelled(key)).text("NextUploadIdMarker", token);
  for (const auto& upload : uploads) {
    xml.open("Upload").text("Key", spelled(upload.key)).text("UploadId", upload.token);
    xml.text("StorageClass", "STANDARD").text("Initiated", listTime(upload.begun));
    if (!upload.checksum.algorithm.empty()) xml.text("ChecksumAlgorithm", upload.checksum.algorithm);
    xml.close("Upload");
  }
  tellPrefixes(xml, groups, spelled);
  return std::move(xml).done();
}

}  // namespace athanor::local::s3
