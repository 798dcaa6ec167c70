#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/loop.h"
#include "fixtures.h"
#include "local/http/listener.h"
#include "wire.h"

namespace athanor::local::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::size_t limit = 2'000'000;

/// A listener that spools the bodies of PUT requests below its folder and answers all with their bodies.
class Bodies : public testing::Test {
 protected:
  Bodies() {
    listener.serve(
        [](const http::Request& request, http::Reply reply) {
          http::Response response;
          if (request.bodyFile) {
            response.file = http::FileRange{std::make_shared<http::OpenFile>(request.bodyFile->path()), 0,
                                            request.bodyFile->size()};
          } else {
            response.body = request.body;
          }
          if (request.path == "/part") {
            response.file->offset = 5;
            response.file->size = 7;
          }
          reply(std::move(response));
        },
        [this](const http::Request& head) -> std::optional<http::Spool> {
          if (head.method != "PUT") return {};
          return http::Spool{folder.path() / (head.path == "/lost" ? "no/such" : std::to_string(++bodies)),
                             limit};
        });
    thread = std::thread([this] { loop.runUntil([this] { return stopping.load(); }); });
  }
  ~Bodies() override {
    stopping = true;
    loop.post([] {});
    thread.join();
  }

  static std::string request(const std::string& method, const std::string& body,
                             const std::string& path = "/") {
    return method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }
  std::vector<std::filesystem::path> left() const {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) out.push_back(entry.path());
    return out;
  }

  TempFolder folder;
  SystemLoop loop;
  http::Listener listener{loop, "127.0.0.1", 0, {.body = 1000}};
  std::atomic<bool> stopping = false;
  int bodies = 0;
  std::thread thread;
  const std::string url = "http://127.0.0.1:" + std::to_string(listener.port());
  Wire wire{url};
};

TEST_F(Bodies, GoThroughAFileAndBackWhole) {
  std::string body(1'500'000, ' ');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  body += "<end>";
  wire.send(request("PUT", body));
  EXPECT_THAT(wire.receive("\r\n\r\n"), HasSubstr("Content-Length: " + std::to_string(body.size())));
  EXPECT_EQ(wire.receive("<end>"), body);
  wire.send(request("PUT", "0123456789abcdef", "/part"));
  EXPECT_THAT(wire.receive("\r\n\r\n"), HasSubstr("Content-Length: 7\r\n"));
  EXPECT_EQ(wire.receive("b"), "56789ab");
  wire.send(request("POST", "in memory."));
  EXPECT_THAT(wire.receive("memory."), HasSubstr("Content-Length: 10\r\n"));
}

TEST_F(Bodies, ComeInChunksOfUnknownLength) {
  wire.send(
      "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n "
      "world\r\n0\r\n\r\n");
  EXPECT_THAT(wire.receive("world"), HasSubstr("Content-Length: 11\r\n"));
}

TEST_F(Bodies, LeaveNoFileBehind) {
  wire.send(request("PUT", "x<end>"));
  wire.receive("<end>");
  {
    Wire(url).send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this");
  }
  while (!left().empty()) std::this_thread::yield();
}

TEST_F(Bodies, HaveALimitOfTheirOwn) {
  wire.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000001\r\n\r\n");
  EXPECT_THAT(wire.rest(), StartsWith("HTTP/1.1 413"));
  Wire memory(url);
  memory.send(request("POST", std::string(1001, 'x')));
  EXPECT_THAT(memory.rest(), StartsWith("HTTP/1.1 413"));
  Wire chunks(url);
  chunks.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
  chunks.send(chunk + chunk);
  EXPECT_THAT(chunks.rest(), StartsWith("HTTP/1.1 413"));
}

TEST_F(Bodies, ThatCannotBeKeptAreRefusedWithTheReason) {
  wire.send(request("PUT", "x", "/lost"));
  const auto answer = wire.rest();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(answer, HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace athanor::local::test
