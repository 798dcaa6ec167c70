// What S3 does, seen through HTTP as it goes over the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "aws/uri.h"
#include "base/hex.h"
#include "fixtures.h"
#include "local/base64.h"
#include "local/s3/digests.h"
#include "wire.h"

namespace athanor::local::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class S3 : public testing::Test {
 protected:
  TempFolder data;
  Server server{onFreePort(data.path()), catalogue()};

  Answer send(const std::string& method, const std::string& path, const std::string& body = "",
              const std::string& headers = "") const {
    return ask(server.url(), requestOf(method, path, headers, body));
  }
  Answer put(const std::string& key, const std::string& body, const std::string& headers = "") const {
    return send("PUT", "/clips/" + key, body, headers);
  }
  Answer get(const std::string& key, const std::string& headers = "") const {
    return send("GET", "/clips/" + key, "", headers);
  }
  void SetUp() override { ASSERT_EQ(send("PUT", "/clips").status, 200); }

  /// The files that contents lie in.
  std::size_t contents() const {
    std::error_code none;
    const auto files = std::filesystem::directory_iterator(data.path() / "s3", none);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }
};

/// The value of a header of an answer; "" where it has none.
std::string headerOf(const Answer& answer, const std::string& name) {
  const auto at = answer.head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const auto begin = at + name.size() + 4;
  return answer.head.substr(begin, answer.head.find("\r\n", begin) - begin);
}

std::string between(const std::string& text, const std::string& tag) {
  const auto from = text.find("<" + tag + ">");
  if (from == std::string::npos) return "";
  const auto begin = from + tag.size() + 2;
  return text.substr(begin, text.find("</" + tag + ">", begin) - begin);
}
std::string code(const Answer& answer) { return between(answer.body, "Code"); }

std::vector<std::string> all(const std::string& text, const std::string& tag) {
  std::vector<std::string> out;
  for (auto at = text.find("<" + tag + ">"); at != std::string::npos; at = text.find("<" + tag + ">", at + 1))
    out.push_back(between(text.substr(at), tag));
  return out;
}

TEST_F(S3, GivesBackWhatWasPut) {
  const auto made = put("a/b.txt", "hello world",
                        "Content-Type: text/plain\r\nCache-Control: no-store\r\nx-amz-meta-Take: 7\r\n");
  EXPECT_EQ(made.status, 200);
  EXPECT_EQ(headerOf(made, "ETag"), "\"5eb63bbbe01eeed093cb22bb8f5acdc3\"");
  EXPECT_THAT(headerOf(made, "x-amz-checksum-crc64nvme"), Not(IsEmpty()));
  const auto got = get("a/b.txt");
  EXPECT_EQ(got.body, "hello world");
  EXPECT_EQ(headerOf(got, "Content-Type"), "text/plain");
  EXPECT_EQ(headerOf(got, "Cache-Control"), "no-store");
  EXPECT_EQ(headerOf(got, "x-amz-meta-take"), "7");
  EXPECT_EQ(headerOf(got, "ETag"), "\"5eb63bbbe01eeed093cb22bb8f5acdc3\"");
  EXPECT_THAT(headerOf(got, "Last-Modified"), HasSubstr(" GMT"));
  EXPECT_THAT(headerOf(got, "x-amz-request-id"), Not(IsEmpty()));
  const auto head = send("HEAD", "/clips/a/b.txt");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(headerOf(head, "Content-Length"), "11");
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(headerOf(get("a/b.txt?response-content-type=x/y&response-cache-control=z"), "Content-Type"),
            "x/y");
}

TEST_F(S3, ReplacesAndDeletesAndLeavesNoFiles) {
  put("k", "one");
  put("k", "two");
  EXPECT_EQ(get("k").body, "two");
  EXPECT_EQ(send("DELETE", "/clips/k").status, 204);
  EXPECT_EQ(send("DELETE", "/clips/k").status, 204) << "what is not there is deleted as well";
  const auto gone = get("k");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(code(gone), "NoSuchKey");
  EXPECT_EQ(between(gone.body, "Key"), "k");
  EXPECT_EQ(between(gone.body, "Resource"), "/clips/k");
  EXPECT_EQ(between(gone.body, "RequestId"), headerOf(gone, "x-amz-request-id"));
  while (contents() != 0) std::this_thread::yield();
}

TEST_F(S3, GivesParts) {
  put("k", "0123456789");
  const auto part = get("k", "Range: bytes=2-4\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(headerOf(part, "Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(get("k", "Range: bytes=7-\r\n").body, "789");
  EXPECT_EQ(get("k", "Range: bytes=-3\r\n").body, "789");
  EXPECT_EQ(get("k", "Range: bytes=5-99\r\n").body, "56789");
  EXPECT_EQ(get("k", "Range: bytes=1-2,4-5\r\n").status, 200) << "S3 gives all instead of several parts";
  EXPECT_EQ(get("k", "Range: lines=1-2\r\n").body, "0123456789");
  const auto beyond = get("k", "Range: bytes=10-\r\n");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(code(beyond), "InvalidRange");
  EXPECT_EQ(between(beyond.body, "ActualObjectSize"), "10");
  put("empty", "");
  EXPECT_EQ(get("empty", "Range: bytes=0-\r\n").status, 416);
}

TEST_F(S3, KeepsToConditions) {
  const auto etag = headerOf(put("k", "x"), "ETag");
  const std::string past = "Wed, 21 Oct 2015 07:28:00 GMT", future = "Thu, 21 Oct 2100 07:28:00 GMT";
  EXPECT_EQ(get("k", "If-None-Match: " + etag + "\r\n").status, 304);
  EXPECT_EQ(get("k", "If-None-Match: \"other\"\r\n").status, 200);
  EXPECT_EQ(get("k", "If-Match: " + etag + "\r\n").status, 200);
  EXPECT_EQ(get("k", "If-Match: \"other\"\r\n").status, 412);
  EXPECT_EQ(get("k", "If-Modified-Since: " + future + "\r\n").status, 304);
  EXPECT_EQ(get("k", "If-Modified-Since: " + past + "\r\n").status, 200);
  EXPECT_EQ(get("k", "If-Unmodified-Since: " + past + "\r\n").status, 412);
  EXPECT_EQ(get("k", "If-Match: " + etag + "\r\nIf-Unmodified-Since: " + past + "\r\n").status, 200);
  EXPECT_EQ(put("k", "y", "If-None-Match: *\r\n").status, 412);
  EXPECT_EQ(put("new", "y", "If-None-Match: *\r\n").status, 200);
  EXPECT_EQ(put("k", "y", "If-Match: \"other\"\r\n").status, 412);
  EXPECT_EQ(put("none", "y", "If-Match: \"other\"\r\n").status, 404);
  EXPECT_EQ(get("k").body, "x");
  EXPECT_EQ(put("k", "y", "If-Match: " + etag + "\r\n").status, 200);
}

TEST_F(S3, ChecksWhatIsPromisedOfABody) {
  struct Case {
    std::string headers;
    std::string code;
  };
  const Case cases[] = {
      {"Content-MD5: XUFAKrxLKna5cZ2REBfFkg==\r\n", ""},
      {"Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\n", "BadDigest"},
      {"Content-MD5: nonsense\r\n", "InvalidDigest"},
      {"x-amz-checksum-crc32: NhCmhg==\r\n", ""},
      {"x-amz-checksum-crc32: AAAAAA==\r\n", "BadDigest"},
      {"x-amz-checksum-crc32c: mnG7TA==\r\n", ""},
      {"x-amz-checksum-sha1: qvTGHdzF6KLavt4PO0gs2a6pQ00=\r\n", ""},
      {"x-amz-checksum-sha256: LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=\r\n", ""},
      {"x-amz-checksum-sha256: AAJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=\r\n", "BadDigest"},
      {"x-amz-content-sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\r\n", ""},
      {"x-amz-content-sha256: 00f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\r\n",
       "XAmzContentSHA256Mismatch"},
  };
  for (const auto& [headers, expected] : cases) {
    const auto answer = put("k", "hello", headers);
    EXPECT_EQ(code(answer), expected) << headers << answer.body;
    EXPECT_EQ(get("k").status, expected.empty() ? 200 : 404) << headers;
    send("DELETE", "/clips/k");
  }
  // The check value of CRC-64/NVME in its catalogue.
  EXPECT_EQ(hex(s3::digest("CRC64NVME", "123456789")), "ae8b14860a799888");
  EXPECT_EQ(hex(s3::digest("CRC32C", "123456789")), "e3069283");
  EXPECT_EQ(hex(s3::digest("CRC32", "123456789")), "cbf43926");
}

TEST_F(S3, TakesTheFramingOffChunks) {
  const std::string headers =
      "Content-Encoding: aws-chunked\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"
      "x-amz-decoded-content-length: 5\r\nx-amz-trailer: x-amz-checksum-crc32\r\n";
  EXPECT_EQ(put("k", "2\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", headers).status,
            200);
  const auto got = get("k", "x-amz-checksum-mode: ENABLED\r\n");
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(headerOf(got, "Content-Encoding"), "");
  EXPECT_EQ(headerOf(got, "x-amz-checksum-crc32"), "NhCmhg==");
  EXPECT_EQ(code(put("k", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", headers)), "BadDigest");
  EXPECT_EQ(code(put("k", "5\r\nhel", headers)), "IncompleteBody");
  EXPECT_EQ(code(put("k", "4\r\nhell\r\n0\r\n\r\n", headers)), "IncompleteBody");
  EXPECT_EQ(code(put("k", "ffffffffffffffff\r\nhell\r\n0\r\n\r\n", headers)), "IncompleteBody");
}

TEST_F(S3, RoundTripsAnyKeyAndWritesNothingOutsideOfItsFolder) {
  const auto before = [&] {
    std::set<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data.path()))
      if (entry.path().parent_path() != data.path() / "s3") out.insert(entry.path());
    return out;
  };
  std::filesystem::create_directories(data.path() / "s3");
  const auto others = before();
  const std::vector<std::string> keys = {"..",
                                         "../..",
                                         "../../escape",
                                         "a/../../b",
                                         "/",
                                         "//",
                                         "/etc/passwd",
                                         "a//b",
                                         "a/",
                                         ".",
                                         "%2F",
                                         "%",
                                         "a b+c&d=e?f#g",
                                         "\xE2\x82\xAC\xF0\x9F\x8E\xAC.ts",
                                         "\xC3\xBC/\xC3\xA4",
                                         std::string(1024, 'k'),
                                         std::string("a\x01"
                                                     "b\tc\r\n"),
                                         std::string("nul\0byte", 8),
                                         "C:\\x",
                                         "~",
                                         "<&>\"'",
                                         "s3/local.sqlite"};
  for (const auto& key : keys) {
    const auto path = aws::percentEncode(key);
    ASSERT_EQ(put(path, "the bytes of " + key).status, 200) << key;
    EXPECT_EQ(get(path).body, "the bytes of " + key);
  }
  EXPECT_EQ(before(), others);
  const auto listed = send("GET", "/clips?list-type=2&encoding-type=url");
  std::set<std::string> found;
  for (const auto& key : all(listed.body, "Key")) found.insert(aws::percentDecode(key));
  EXPECT_EQ(found, std::set<std::string>(keys.begin(), keys.end()));
  EXPECT_EQ(code(put(std::string(1025, 'k'), "")), "KeyTooLongError");
  EXPECT_EQ(code(put("%FF", "")), "InvalidURI");
}

TEST_F(S3, CopiesWithWhatDescribesThemOrAnew) {
  put("a%20b", "bytes", "Content-Type: text/a\r\nx-amz-meta-m: 1\r\n");
  const auto copied = put("copy", "", "x-amz-copy-source: /clips/a%20b\r\n");
  EXPECT_EQ(copied.status, 200) << copied.body;
  EXPECT_EQ(headerOf(get("copy"), "x-amz-meta-m"), "1");
  put("anew", "",
      "x-amz-copy-source: clips/a%20b\r\nx-amz-metadata-directive: REPLACE\r\nContent-Type: text/b\r\n");
  const auto anew = get("anew");
  EXPECT_EQ(headerOf(anew, "Content-Type"), "text/b");
  EXPECT_EQ(headerOf(anew, "x-amz-meta-m"), "");
  send("DELETE", "/clips/a%20b");
  EXPECT_EQ(get("copy").body, "bytes") << "a copy does not need what it was made of";
  EXPECT_EQ(code(put("copy", "", "x-amz-copy-source: /clips/copy\r\n")), "InvalidRequest");
  EXPECT_EQ(code(put("x", "", "x-amz-copy-source: /clips/none\r\n")), "NoSuchKey");
  EXPECT_EQ(code(put("x", "", "x-amz-copy-source: /none/none\r\n")), "NoSuchBucket");
  EXPECT_EQ(code(put("x", "", "x-amz-copy-source: /clips/copy\r\nx-amz-copy-source-if-match: \"no\"\r\n")),
            "PreconditionFailed");
}

TEST_F(S3, KnowsBucketsByPathAndByHost) {
  put("k", "x");
  for (const std::string host :
       {"clips.localhost:4566", "clips.s3.localhost", "clips.s3.amazonaws.com",
        "clips.s3.eu-west-1.amazonaws.com", "clips.s3.dualstack.eu-west-1.amazonaws.com",
        "clips.s3-eu-west-1.amazonaws.com"})
    EXPECT_EQ(ask(server.url(), "GET /k HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").body,
              "x")
        << host;
  for (const std::string host : {"localhost", "127.0.0.1:1", "s3.localhost", "s3.amazonaws.com", "[::1]:1",
                                 "s3.eu-west-1.amazonaws.com"})
    EXPECT_EQ(
        ask(server.url(), "GET /clips/k HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").body,
        "x")
        << host;
}

TEST_F(S3, RefusesWhatItDoesNotDo) {
  put("k", "x");
  EXPECT_EQ(send("GET", "/clips?policy").status, 501);
  EXPECT_THAT(send("GET", "/clips?policy").body, HasSubstr("?policy of buckets"));
  EXPECT_EQ(send("PUT", "/clips?versioning", "x").status, 501);
  EXPECT_EQ(send("GET", "/clips/k?acl").status, 501);
  EXPECT_EQ(put("k", "y", "x-amz-acl: public-read\r\n").status, 400);
  EXPECT_EQ(put("k", "y", "x-amz-tagging: a=b\r\n").status, 501);
  EXPECT_EQ(send("PATCH", "/clips/k").status, 405);
  EXPECT_EQ(code(send("POST", "/clips/k")), "MethodNotAllowed");
  EXPECT_EQ(get("k").body, "x");
}

TEST_F(S3, MakesAndDeletesBuckets) {
  for (const std::string name : {"ab", "A-b", "a..b", "-ab", "192.168.5.4", "xn--a", "a_b"})
    EXPECT_EQ(code(send("PUT", "/" + name)), "InvalidBucketName") << name;
  EXPECT_EQ(send("PUT", "/clips").status, 200) << "again, in us-east-1";
  EXPECT_EQ(send("HEAD", "/clips").status, 200);
  EXPECT_EQ(send("HEAD", "/none-such").status, 404);
  put("k", "x");
  EXPECT_EQ(code(send("DELETE", "/clips")), "BucketNotEmpty");
  send("DELETE", "/clips/k");
  EXPECT_EQ(send("DELETE", "/clips").status, 204);
  EXPECT_EQ(code(send("DELETE", "/clips")), "NoSuchBucket");
  EXPECT_EQ(code(put("k", "x")), "NoSuchBucket");
}

TEST_F(S3, DeletesManyAtOnce) {
  put("a", "1");
  put("b&c", "2");
  put("d", "3");
  const std::string body =
      "<Delete><Object><Key>a</Key></Object><Object><Key>b&amp;c</Key><VersionId>null</VersionId></Object>"
      "<Object><Key>none</Key></Object><Object><Key>d</Key><VersionId>v1</VersionId></Object></Delete>";
  EXPECT_EQ(code(send("POST", "/clips?delete", body)), "InvalidRequest");
  const auto answer =
      send("POST", "/clips?delete", body, "Content-MD5: " + base64(s3::digest("MD5", body)) + "\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(all(answer.body, "Key"), (std::vector<std::string>{"a", "b&amp;c", "none", "d"}));
  EXPECT_EQ(
      between(answer.body, "Error"),
      "<Key>d</Key><VersionId>v1</VersionId><Code>NoSuchVersion</Code><Message>The specified version does "
      "not exist.</Message>");
  EXPECT_THAT(all(send("GET", "/clips").body, "Key"), ElementsAre("d"));
}

TEST_F(S3, UploadsInParts) {
  put("old", std::string(3'000'000, 'o'));
  const auto begun = send("POST", "/clips/big?uploads", "", "Content-Type: video/mp2t\r\n");
  const auto id = between(begun.body, "UploadId");
  ASSERT_THAT(id, Not(IsEmpty())) << begun.body;
  const std::string first(5 << 20, 'a'), second = "the end";
  const auto part = [&](int number, const std::string& bytes) {
    const auto answer = put("big?partNumber=" + std::to_string(number) + "&uploadId=" + id, bytes);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return headerOf(answer, "ETag");
  };
  const auto one = part(1, first), two = part(3, "replaced"), three = part(3, second);
  EXPECT_EQ(get("big").status, 404) << "not before it is complete";
  const auto copied = put("big?partNumber=2&uploadId=" + id, "",
                          "x-amz-copy-source: /clips/old\r\nx-amz-copy-source-range: bytes=0-4\r\n");
  EXPECT_EQ(copied.status, 200) << copied.body;
  const auto parts = send("GET", "/clips/big?uploadId=" + id);
  EXPECT_THAT(all(parts.body, "PartNumber"), ElementsAre("1", "2", "3"));
  EXPECT_THAT(all(parts.body, "Size"), ElementsAre("5242880", "5", "7"));
  EXPECT_THAT(all(send("GET", "/clips?uploads").body, "UploadId"), ElementsAre(id));

  const auto complete = [&](const std::vector<std::pair<int, std::string>>& named) {
    std::string body = "<CompleteMultipartUpload>";
    for (const auto& [number, etag] : named)
      body += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + etag + "</ETag></Part>";
    return send("POST", "/clips/big?uploadId=" + id, body + "</CompleteMultipartUpload>");
  };
  EXPECT_EQ(code(complete({{3, three}, {1, one}})), "InvalidPartOrder");
  EXPECT_EQ(code(complete({{1, one}, {3, two}})), "InvalidPart");
  EXPECT_EQ(code(complete({{1, one}, {2, between(copied.body, "ETag")}, {3, three}})), "EntityTooSmall");
  EXPECT_EQ(code(complete({})), "MalformedXML");
  const auto done = complete({{1, one}, {3, three}});
  EXPECT_EQ(done.status, 200) << done.body;
  const auto bare = [](std::string etag) { return etag.substr(1, 32); };
  const auto expected = hex(s3::digest("MD5", unhex(bare(one)) + unhex(bare(three)))) + "-2";
  EXPECT_EQ(between(done.body, "ETag"), "&quot;" + expected + "&quot;");
  const auto got = get("big", "x-amz-checksum-mode: ENABLED\r\n");
  EXPECT_EQ(got.body, first + second);
  EXPECT_EQ(headerOf(got, "Content-Type"), "video/mp2t");
  EXPECT_EQ(headerOf(got, "x-amz-checksum-crc64nvme"), base64(s3::digest("CRC64NVME", first + second)));
  EXPECT_EQ(code(complete({{1, one}})), "NoSuchUpload");
  EXPECT_THAT(all(send("GET", "/clips?uploads").body, "UploadId"), IsEmpty());
  while (contents() != 2) std::this_thread::yield();  // the parts have gone
  // A copy is one piece, and has the ETag of one.
  put("whole", "", "x-amz-copy-source: /clips/big\r\n");
  EXPECT_EQ(headerOf(send("HEAD", "/clips/whole"), "ETag"),
            "\"" + hex(s3::digest("MD5", first + second)) + "\"");
}

TEST_F(S3, AbortsUploads) {
  const auto id = between(send("POST", "/clips/k?uploads").body, "UploadId");
  put("k?partNumber=1&uploadId=" + id, "x");
  EXPECT_EQ(send("DELETE", "/clips/k?uploadId=" + id).status, 204);
  EXPECT_EQ(code(put("k?partNumber=1&uploadId=" + id, "x")), "NoSuchUpload");
  EXPECT_EQ(code(put("k?partNumber=0&uploadId=" + id, "x")), "NoSuchUpload");
  while (contents() != 0) std::this_thread::yield();
  EXPECT_EQ(send("DELETE", "/clips").status, 204);
}

TEST_F(S3, LetsPagesReadAsTheBucketSays) {
  put("live.m3u8", "#EXTM3U");
  const std::string local = "Origin: http://localhost:8080\r\n", other = "Origin: https://example.com\r\n";
  const std::string asks = "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: range\r\n";
  EXPECT_EQ(headerOf(get("live.m3u8", local), "Access-Control-Allow-Origin"), "http://localhost:8080");
  EXPECT_EQ(headerOf(get("live.m3u8", other), "Access-Control-Allow-Origin"), "");
  const auto allowed = send("OPTIONS", "/clips/live.m3u8", "", local + asks);
  EXPECT_EQ(allowed.status, 200);
  EXPECT_EQ(headerOf(allowed, "Access-Control-Allow-Headers"), "range");
  EXPECT_EQ(code(send("OPTIONS", "/clips/live.m3u8", "", other + asks)), "AccessForbidden");
  EXPECT_EQ(code(send("GET", "/clips?cors")), "NoSuchCORSConfiguration");

  const std::string rules =
      "<CORSConfiguration><CORSRule><AllowedOrigin>https://*.com</AllowedOrigin><AllowedMethod>GET</"
      "AllowedMethod>"
      "<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds>"
      "</CORSRule></CORSConfiguration>";
  ASSERT_EQ(send("PUT", "/clips?cors", rules).status, 200);
  const auto now = get("live.m3u8", other);
  EXPECT_EQ(headerOf(now, "Access-Control-Allow-Origin"), "https://example.com");
  EXPECT_EQ(headerOf(now, "Access-Control-Expose-Headers"), "ETag");
  EXPECT_EQ(headerOf(send("OPTIONS", "/clips/live.m3u8", "", other + asks), "Access-Control-Max-Age"), "60");
  EXPECT_EQ(headerOf(get("live.m3u8", local), "Access-Control-Allow-Origin"), "");
  EXPECT_THAT(send("GET", "/clips?cors").body, HasSubstr("<AllowedOrigin>https://*.com</AllowedOrigin>"));
  EXPECT_EQ(send("DELETE", "/clips?cors").status, 204);
  EXPECT_EQ(headerOf(get("live.m3u8", other), "Access-Control-Allow-Origin"), "");
  EXPECT_EQ(code(send("PUT", "/clips?cors", "<CORSConfiguration/>")), "MalformedXML");
}

TEST_F(S3, DoesNotLetForeignPagesChangeAnything) {
  put("k", "x");
  const std::string body = "<Delete><Object><Key>k</Key></Object></Delete>";
  const auto answer = send("POST", "/clips?delete", body,
                           "Origin: https://example.com\r\nContent-Type: text/plain\r\nContent-MD5: " +
                               base64(s3::digest("MD5", body)) + "\r\n");
  EXPECT_EQ(code(answer), "AccessDenied");
  EXPECT_EQ(get("k").body, "x");
}

TEST_F(S3, IsOneWithCloudControl) {
  const auto operation = [&](const std::string& name, const Json& input) {
    return ask(server.url(), operationOf(name, input)).json();
  };
  const Json clips = {{"TypeName", "AWS::S3::Bucket"}, {"Identifier", "clips"}};
  EXPECT_EQ(Json::parse(operation("GetResource", clips)["ResourceDescription"]["Properties"]
                            .get<std::string>())["BucketName"],
            "clips");
  put("k", "x");
  auto event = operation("DeleteResource", clips)["ProgressEvent"];
  EXPECT_EQ(event["OperationStatus"], "FAILED");
  EXPECT_EQ(event["ErrorCode"], "GeneralServiceException");
  EXPECT_THAT(event["StatusMessage"].get<std::string>(), HasSubstr("not empty"));
  send("DELETE", "/clips/k");
  EXPECT_EQ(operation("DeleteResource", clips)["ProgressEvent"]["OperationStatus"], "SUCCESS");
  EXPECT_EQ(send("HEAD", "/clips").status, 404);
  operation("CreateResource",
            {{"TypeName", "AWS::S3::Bucket"}, {"DesiredState", R"({"BucketName":"made-there"})"}});
  EXPECT_EQ(send("PUT", "/made-there/k", "x").status, 200);
  const Json recording = {
      {"TypeName", "AWS::IVS::RecordingConfiguration"},
      {"DesiredState", R"({"DestinationConfiguration":{"S3":{"BucketName":"recordings"}}})"}};
  operation("CreateResource", recording);
  EXPECT_EQ(send("PUT", "/recordings/k", "x").status, 200);
  EXPECT_THAT(all(send("GET", "/").body, "Name"), ElementsAre("made-there", "recordings"));
}

TEST(S3Folder, ForgetsWhatAKilledServerLeft) {
  const TempFolder data;
  {
    const Server server(onFreePort(data.path()), catalogue());
    ask(server.url(), requestOf("PUT", "/clips"));
    ask(server.url(), requestOf("PUT", "/clips/k", "", "kept"));
  }
  std::ofstream(data.path() / "s3" / "0123-4") << "what no row names";
  const Server server(onFreePort(data.path()), catalogue());
  EXPECT_FALSE(std::filesystem::exists(data.path() / "s3" / "0123-4"));
  EXPECT_EQ(ask(server.url(), requestOf("GET", "/clips/k")).body, "kept");
}

}  // namespace
}  // namespace athanor::local::test
