#include "local/s3/description.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>

#include "aws/text.h"
#include "base/time_text.h"
#include "local/s3/refusals.h"

namespace athanor::local::s3 {

namespace {

/// Kept as they are and given back: the name of a request's header, and how answers spell it.
constexpr std::pair<std::string_view, const char*> standard[] = {
    {"content-type", "Content-Type"},
    {"cache-control", "Cache-Control"},
    {"content-disposition", "Content-Disposition"},
    {"content-encoding", "Content-Encoding"},
    {"content-language", "Content-Language"},
    {"expires", "Expires"},
    {"x-amz-website-redirect-location", "x-amz-website-redirect-location"},
};
constexpr std::string_view metadataPrefix = "x-amz-meta-";

/// aws-chunked says how the request came, not what the object is.
std::string withoutChunked(std::string_view encoding) {
  std::string out;
  while (!encoding.empty()) {
    const auto comma = encoding.find(',');
    const auto one = aws::trim(encoding.substr(0, comma));
    encoding.remove_prefix(comma == std::string_view::npos ? encoding.size() : comma + 1);
    if (one.empty() || aws::lower(one) == "aws-chunked") continue;
    out += (out.empty() ? "" : ",") + std::string(one);
  }
  return out;
}

void refuseWhatIsNotDone(const http::Request& request) {
  const auto acl = request.header("x-amz-acl");
  if (!acl.empty() && acl != "private" && !acl.starts_with("bucket-owner-"))
    throw Refusal(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
  for (const std::string_view name :
       {"x-amz-server-side-encryption-customer-algorithm", "x-amz-object-lock-mode",
        "x-amz-object-lock-legal-hold", "x-amz-tagging", "x-amz-write-offset-bytes"})
    if (!request.header(name).empty()) throw notImplemented(fmt::format("the header {}", name));
}

std::tm utc(Time time) { return fmt::gmtime(std::chrono::system_clock::to_time_t(time)); }

}  // namespace

Description descriptionOf(const http::Request& request) {
  constexpr std::size_t mostMetadata = 2048;  // "User-defined object metadata" in the S3 user guide
  refuseWhatIsNotDone(request);
  Description out;
  for (const auto& [name, spelled] : standard) {
    std::string value(request.header(name));
    if (name == "content-encoding") value = withoutChunked(value);
    if (!value.empty()) out.headers.emplace_back(spelled, std::move(value));
  }
  std::size_t size = 0;
  for (const auto& [name, value] : request.headers) {
    if (!name.starts_with(metadataPrefix)) continue;
    out.metadata.emplace_back(name.substr(metadataPrefix.size()), value);
    size += name.size() - metadataPrefix.size() + value.size();
  }
  if (size > mostMetadata)
    throw Refusal(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size",
                  {{"Size", std::to_string(size)}, {"MaxSizeAllowed", std::to_string(mostMetadata)}});
  return out;
}

http::Headers headersOf(const Object& object, const Call& call) {
  http::Headers out;
  out.emplace_back("Accept-Ranges", "bytes");
  out.emplace_back("ETag", quotedEtag(object.content.etag));
  out.emplace_back("Last-Modified", httpDate(object.modified));
  out.emplace_back("Content-Type", "binary/octet-stream");
  const auto set = [&out](const std::string& name, const std::string& value) {
    for (auto& [key, old] : out)
      if (key == name) {
        old = value;
        return;
      }
    out.emplace_back(name, value);
  };
  for (const auto& [name, value] : object.description.headers) set(name, value);
  for (const auto& [name, value] : object.description.metadata)
    set(std::string(metadataPrefix) + name, value);
  for (const auto& [name, spelled] : standard) {
    const auto wanted = call.parameter("response-" + std::string(name));
    if (wanted && !wanted->empty() && wanted->find_first_of("\r\n") == std::string::npos)
      set(spelled, *wanted);
  }
  const auto& checksum = object.content.checksum;
  if (aws::lower(call.header("x-amz-checksum-mode")) == "enabled" && !checksum.algorithm.empty()) {
    out.emplace_back("x-amz-checksum-" + aws::lower(checksum.algorithm), checksum.value);
    out.emplace_back("x-amz-checksum-type", checksum.composite ? "COMPOSITE" : "FULL_OBJECT");
  }
  return out;
}

std::string quotedEtag(std::string_view etag) { return fmt::format("\"{}\"", etag); }
std::string listTime(Time time) {
  return isoTimeWithMilliseconds(std::chrono::floor<std::chrono::seconds>(time));
}
std::string httpDate(Time time) {
  // Names of days and months do not follow the locale.
  static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto at = utc(time);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days.at(static_cast<std::size_t>(at.tm_wday)),
                     at.tm_mday, months.at(static_cast<std::size_t>(at.tm_mon)), at.tm_year + 1900,
                     at.tm_hour, at.tm_min, at.tm_sec);
}

void checkKey(const std::string& key) {
  constexpr std::size_t longest = 1024;
  if (key.size() > longest)
    throw Refusal(400, "KeyTooLongError", "Your key is too long",
                  {{"Size", std::to_string(key.size())}, {"MaxSizeAllowed", std::to_string(longest)}});
  if (!isUtf8(key)) throw Refusal(400, "InvalidURI", "Couldn't parse the specified URI.");
}

}  // namespace athanor::local::s3
