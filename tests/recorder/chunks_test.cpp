#include "recorder/ingest/rtmp/chunks.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "recorder/codec/malformed.h"

namespace athanor::recorder::rtmp {
namespace {

std::vector<Message> readIn(std::string_view bytes, std::size_t piece) {
  ChunkReader reader({});
  std::vector<Message> out;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    reader.read(bytes.substr(at, piece), [&](Message& message) { out.push_back(message); });
  return out;
}

RC_GTEST_PROP(Chunks, OfAnySizeCutAnywhereGiveTheMessagesThatWereSent, ()) {
  const auto sizes = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 700)));
  const auto chunk = *rc::gen::inRange<std::uint32_t>(1, 300);
  const auto piece = *rc::gen::inRange<std::size_t>(1, 90);
  const auto base = *rc::gen::element<std::uint32_t>(0, 0xfffff0, 0xffffff, 0xfffffff0);
  std::string wire;
  std::string size;
  for (int shift = 24; shift >= 0; shift -= 8) size += static_cast<char>(chunk >> shift & 0xff);
  writeMessage(wire, 2, {setChunkSize, 0, 0, size}, 128);
  std::vector<Message> sent;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    sent.push_back({videoData, base + static_cast<std::uint32_t>(i) * 7, 1,
                    std::string(static_cast<std::size_t>(sizes[i]), static_cast<char>(i))});
    writeMessage(wire, 6, sent.back(), chunk);
  }
  auto got = readIn(wire, piece);
  RC_ASSERT(got.size() == sent.size() + 1);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    RC_ASSERT(got[i + 1].payload == sent[i].payload);
    RC_ASSERT(got[i + 1].timestamp == sent[i].timestamp);
  }
}

TEST(Chunks, WithoutTheRepeatedExtendedTimestampAreUnderstoodToo) {
  std::string wire("\x06\xff\xff\xff\0\0\xc8\x09\1\0\0\0\1\0\0\0", 16);  // 200 bytes at 0x01000000
  wire += std::string(128, 'a');
  wire += "\xc6" + std::string(72, 'b');
  for (const std::size_t piece : {1, 3, 1000}) {
    const auto got = readIn(wire, piece);
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].payload, std::string(128, 'a') + std::string(72, 'b'));
    EXPECT_EQ(got[0].timestamp, 0x01000000U);
  }
}

TEST(Chunks, AMessageAboveTheLimitIsRefused) {
  const std::string wire("\x06\0\0\0\xff\xff\xff\x09\0\0\0\0", 12);
  EXPECT_THROW(readIn(wire, 100), Malformed);
}

}  // namespace
}  // namespace athanor::recorder::rtmp
