#include "provider/s3/bucket.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>

#include "aws/config.h"
#include "aws/time.h"
#include "aws/uri.h"

namespace athanor::provider::s3 {

using cloudcontrol::Fault;
using cloudcontrol::ServiceError;
using std::chrono::milliseconds;

namespace {

std::string contentMd5(std::string_view body) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(body.data(), body.size(), digest, &size, EVP_md5(), nullptr);
  std::string out(4 * ((size + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), digest, static_cast<int>(size));
  return out;
}

std::string shown(const Kept& kept) {
  const bool versioned = !kept.version.id.empty() && kept.version.id != "null";
  return fmt::format("{}{}: {} ({})", kept.version.key,
                     versioned ? fmt::format(" (version {})", kept.version.id) : "", kept.message, kept.code);
}

}  // namespace

/// AWS's certificates hold for one label before "s3": a name with dots goes into the path.
std::string Bucket::url() const {
  if (!options_.endpoint.empty()) {
    auto base = options_.endpoint;
    while (base.ends_with('/')) base.pop_back();
    return base + "/" + options_.name;
  }
  const auto aws = aws::serviceUrl("s3", options_.region);
  if (options_.name.contains('.')) return aws + "/" + options_.name;
  return fmt::format("https://{}.{}/", options_.name, aws.substr(std::string_view("https://").size()));
}

aws::HttpRequest Bucket::request(const std::string& method, const std::string& query, const std::string& body,
                                 const aws::Credentials& keys) const {
  aws::HttpRequest out{.method = method, .url = url() + "?" + query, .headers = {}, .body = body};
  if (!body.empty()) {
    out.headers.emplace_back("Content-Type", "application/xml");
    out.headers.emplace_back("Content-MD5", contentMd5(body));
  }
  // Names of buckets are the world's: one that was deleted may be somebody else's by now.
  if (!options_.account.empty()) out.headers.emplace_back("x-amz-expected-bucket-owner", options_.account);
  aws::sigv4::sign(out, keys.key, {options_.region, "s3"}, parts_.loop.now() + ahead_,
                   aws::sigv4::Rules::s3());
  out.headers.emplace_back("User-Agent", "athanor");
  return out;
}

/// Both operations are the same when they are done twice: whatever passes is tried again.
Task<std::string> Bucket::call(std::string operation, std::string method, std::string query,
                               std::string body) {
  const auto begun = parts_.loop.tick();
  const auto quota = fmt::format("{}/{}/s3", options_.account, options_.region);
  int failed = 0, refreshed = 0;
  for (;;) {
    const auto keys = co_await parts_.credentials.get();
    const auto ticket = co_await parts_.governor.admit(quota);
    aws::HttpResponse response;
    std::optional<aws::Unreachable> silence;
    try {
      response = co_await parts_.http.send(request(method, query, body, keys));
    } catch (const aws::Unreachable& error) {
      silence = error;
    }
    const auto waited = parts_.loop.tick() - begun;
    const bool late = parts_.loop.tick() >= options_.deadline;
    if (!silence) {
      if (response.status == 200) {
        parts_.governor.answered(ticket);
        co_return std::move(response.body);
      }
      const ServiceError error(operation, asJsonError(response));
      const auto fault = error.fault();
      fault == Fault::throttled ? parts_.governor.throttled(ticket) : parts_.governor.answered(ticket);
      if (fault == Fault::throttled && waited < options_.throttlePatience && !late) continue;
      if (fault == Fault::expired) parts_.credentials.reject();
      if (const auto date = aws::parseHttpDate(aws::header(response.headers, "date"));
          fault == Fault::skewed && date)
        ahead_ = std::chrono::duration_cast<milliseconds>(*date - parts_.loop.now());
      if ((fault == Fault::expired || fault == Fault::skewed) && refreshed++ == 0) continue;
      if (fault != Fault::transient || waited > options_.patience || late) throw error;
    } else if (waited > options_.patience || late) {
      throw *silence;
    }
    const auto most = std::min(5000.0, 100.0 * static_cast<double>(1U << std::min(failed++, 10)));
    co_await sleepFor(parts_.loop, milliseconds(1 + static_cast<long>(most * parts_.random())));
  }
}

Task<> Bucket::empty() {
  std::vector<Kept> kept;
  VersionPage page;
  std::size_t seen = 0;
  do {
    if (parts_.loop.tick() >= options_.deadline)
      throw Error(
          ErrorCode::provider,
          fmt::format("the bucket {} was not emptied in time: {} objects and versions of it are deleted",
                      options_.name, seen - kept.size()))
          .next("Run the command again: it deletes the rest. The option `timeout` allows it more time.");
    auto query = std::string("versions=&encoding-type=url&max-keys=1000");
    if (page.more) query += "&key-marker=" + aws::percentEncode(page.nextKey);
    if (!page.nextId.empty()) query += "&version-id-marker=" + aws::percentEncode(page.nextId);
    std::optional<ServiceError> refused;
    try {
      page = versionPage(co_await call("ListObjectVersions", "GET", query, ""));
    } catch (const ServiceError& error) {
      refused = error;
    }
    if (refused && refused->exception() == "NoSuchBucket") co_return;
    if (!refused && !page.versions.empty()) {
      try {
        std::ranges::move(keptOf(co_await call("DeleteObjects", "POST", "delete=", deletion(page.versions))),
                          std::back_inserter(kept));
      } catch (const ServiceError& error) {
        refused = error;
      }
    }
    seen += page.versions.size();
    if (refused)
      throw Error(refused->code(), fmt::format("cannot empty the bucket {}: {} ({})", options_.name,
                                               refused->words(), refused->exception()))
          .next(refused->exception() == "AccessDenied"
                    ? "Emptying it needs s3:ListBucketVersions on the bucket, and s3:DeleteObject and "
                      "s3:DeleteObjectVersion on what is in it."
                    : refused->hint())
          .with(refused->detail());
  } while (page.more);
  if (kept.empty()) co_return;
  std::string detail;
  for (std::size_t i = 0; i < std::min<std::size_t>(kept.size(), 5); ++i) detail += shown(kept[i]) + "\n";
  if (kept.size() > 5) detail += fmt::format("and {} more\n", kept.size() - 5);
  detail.pop_back();
  throw Error(ErrorCode::provider,
              fmt::format("{} {} of the bucket {} could not be deleted, so it stands", kept.size(),
                          kept.size() == 1 ? "object" : "objects", options_.name))
      .next("Lift what keeps them (a retention, a legal hold, a bucket policy) and run the command again.")
      .with(std::move(detail));
}

}  // namespace athanor::provider::s3
