#include "local/auth/chunks.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/text.h"
#include "local/auth/refusal.h"
#include "signed.h"

namespace athanor::local::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
namespace sigv4 = aws::sigv4;

/// The example of "Signature calculations … in multiple chunks" and "… for trailing headers" in the S3 API
/// reference: 66560 letters "a" in chunks of 64 KiB.
struct Example {
  std::string seed;
  std::vector<std::string> signatures;
  std::string trailers;
};
const Example plain{"4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
                    {"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                     "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                     "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"},
                    ""};
const Example trailing{"106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
                       {"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
                        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"},
                       "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:"
                       "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"};
const sigv4::Key published{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};

std::string wireOf(const Example& example) {
  return fmt::format(
      "10000;chunk-signature={}\r\n{}\r\n400;chunk-signature={}\r\n{}\r\n0;chunk-signature={}"
      "\r\n{}\r\n",
      example.signatures[0], std::string(65'536, 'a'), example.signatures[1], std::string(1024, 'a'),
      example.signatures[2], example.trailers);
}

auth::ChunkSigning signingOf(const Example& example) {
  return {published.secretAccessKey, "20130524T000000Z", {"us-east-1", "s3"}, example.seed};
}

/// The code that a body is refused with; "" where it is not.
std::string refusal(const std::string& body, const Example& example, const std::string& length = "66560") {
  const auto signing = signingOf(example);
  try {
    auth::decodeChunks(body, {.isSigned = true, .trailer = !example.trailers.empty()}, length, &signing);
    return "";
  } catch (const auth::Refusal& refused) {
    return refused.code();
  }
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(Chunks, ThePublishedExampleVerifies) {
  const auto signing = signingOf(plain);
  const auto payload = auth::decodeChunks(wireOf(plain), {.isSigned = true}, "66560", &signing);
  EXPECT_EQ(payload.body, std::string(66'560, 'a'));
  EXPECT_TRUE(payload.trailers.empty());
}

TEST(Chunks, ThePublishedExampleWithATrailerVerifies) {
  const auto signing = signingOf(trailing);
  const auto payload =
      auth::decodeChunks(wireOf(trailing), {.isSigned = true, .trailer = true}, "66560", &signing);
  EXPECT_EQ(payload.body, std::string(66'560, 'a'));
  EXPECT_EQ(payload.trailers, (http::Headers{{"x-amz-checksum-crc32c", "sOO8/Q=="}}));
}

TEST(Chunks, AChangedOrMissingPieceDoesNotVerify) {
  for (const auto* example : {&plain, &trailing}) {
    const auto body = wireOf(*example);
    ASSERT_EQ(refusal(body, *example), "");
    EXPECT_EQ(refusal(replaced(body, "\r\naaaa", "\r\nbaaa"), *example), "SignatureDoesNotMatch");
    EXPECT_EQ(refusal(replaced(body, example->signatures[1], example->signatures[0]), *example),
              "SignatureDoesNotMatch");
    EXPECT_EQ(refusal(replaced(body, ";chunk-signature=", ";signature="), *example), "SignatureDoesNotMatch");
    const auto second = body.find("400;");
    const auto third = body.find("0;chunk-signature=" + example->signatures[2]);
    EXPECT_EQ(refusal(body.substr(0, second) + body.substr(third), *example), "SignatureDoesNotMatch");
    EXPECT_EQ(refusal(body.substr(0, third), *example), "IncompleteBody") << "without its last chunk";
    EXPECT_EQ(refusal(body, *example, "66561"), "IncompleteBody");
  }
  EXPECT_EQ(refusal(replaced(wireOf(trailing), "sOO8", "sOO9"), trailing), "SignatureDoesNotMatch");
  EXPECT_EQ(refusal(replaced(wireOf(trailing), "x-amz-trailer-signature:", "x-amz-other:"), trailing),
            "SignatureDoesNotMatch");
  EXPECT_EQ(refusal(replaced(wireOf(trailing), "crc32c:", "crc32c "), trailing), "MalformedTrailerError");
}

TEST(Chunks, NonsenseIsAnIncompleteBody) {
  const auth::ChunkForm open{.trailer = true};
  for (const std::string body : {"", "0", "zz\r\n", "-1\r\n", "5\r\nabc\r\n0\r\n\r\n", "3\r\nabcdef0\r\n\r\n",
                                 "ffffffffffffffff\r\nabc\r\n", "ffffffffffffffffff\r\nabc\r\n", "\r\n"}) {
    try {
      auth::decodeChunks(body, open, "", nullptr);
      ADD_FAILURE() << body;
    } catch (const auth::Refusal& refused) {
      EXPECT_EQ(refused.code(), "IncompleteBody") << body;
    }
  }
}

TEST(Chunks, UnsignedOnesAreDecoded) {
  const auto payload = auth::decodeChunks(
      "3\r\nabc\r\n4\r\n\r\n\r\n\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n", {.trailer = true}, "7", nullptr);
  EXPECT_EQ(payload.body, "abc\r\n\r\n");
  EXPECT_EQ(payload.trailers, (http::Headers{{"x-amz-checksum-crc32", "AAAA"}}));
}

/// A PUT whose body is sent in chunks.
TEST(Chunks, ARequestInChunksPassesTheGateDecoded) {
  GateFixture gate;
  aws::HttpRequest request{.method = "PUT", .url = "http://127.0.0.1:4566/clips/key"};
  request.headers = {{"x-amz-decoded-content-length", "5"}, {"x-amz-trailer", "x-amz-checksum-crc32"}};
  auto rules = sigv4::Rules::s3();
  const sigv4::Scope scope{"eu-west-1", "s3"};
  rules.payloadHash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  auto open = request;
  sigv4::sign(open, gate.dev, scope, *gate.now, rules);
  open.body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
  const auto decoded = gate.admission(received(open)).payload;
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->body, "hello");
  EXPECT_EQ(decoded->trailers.front().second, "NhCmhg==");

  rules.payloadHash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
  sigv4::sign(request, gate.dev, scope, *gate.now, rules);
  request.body = "5;chunk-signature=" + std::string(64, '0') +
                 "\r\nhello\r\n0;chunk-signature=" + std::string(64, '0') + "\r\n\r\n";
  EXPECT_THAT(gate.refusal(received(request)), StartsWith("403 SignatureDoesNotMatch"));
}

/// AWS's example from its request line on: "Example: PUT Object" of the same page.
TEST(Chunks, TheRequestOfThePublishedExampleVerifiesToo) {
  const http::Request request{
      "PUT",
      "/examplebucket/chunkObject.txt",
      "",
      {{"host", "s3.amazonaws.com"},
       {"x-amz-date", "20130524T000000Z"},
       {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
       {"authorization",
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders="
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
        "x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"},
       {"x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"},
       {"content-encoding", "aws-chunked"},
       {"x-amz-decoded-content-length", "66560"},
       {"content-length", "66824"}},
      wireOf(plain)};
  GateFixture gate(published);
  *gate.now = *sigv4::parseAmzTime("20130524T000000Z");
  const auto payload = gate.admission(request).payload;
  ASSERT_TRUE(payload);
  EXPECT_EQ(payload->body.size(), 66'560U);
}

}  // namespace
}  // namespace athanor::local::test
