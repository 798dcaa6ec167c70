// Whatever request S3 gets, it answers once, within the protocol, and keeps all bytes in its own folder.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/loop.h"
#include "cloud.h"
#include "local/http/listener.h"
#include "local/s3/service.h"

using namespace athanor;
using namespace athanor::local;

namespace {

namespace fs = std::filesystem;

/// An S3 whose batches end at once, with a bucket "clips" that holds "k".
class Store final : public Batch {
 public:
  Store() {
    ask("PUT /clips HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    ask("PUT /clips/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
  }
  ~Store() override { fs::remove_all(folder_); }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void ask(std::string_view bytes) {
    auto request = http::parsed(bytes, {});
    if (!request) return;
    if (const auto spool = service_.spool(*request)) {
      if (spool->file.parent_path() != folder_) std::abort();
      request->bodyFile = std::make_shared<http::BodyFile>(spool->file);
      request->bodyFile->append(request->body);
      request->body.clear();
    }
    int answers = 0;
    service_.answer(*request, {.asker = {.caller = fuzz::caller(), .service = "", .principal = {}}}, "id",
                    [&](const http::Response& response) {
                      ++answers;
                      if (response.status < 200 || response.status > 599 || response.status == 500)
                        std::abort();
                    });
    while (answers == 0) loop_.runUntil([&] { return answers > 0; });
    if (answers != 1) std::abort();
  }

  std::string enter() override {
    database_.begin();
    return "";
  }
  void spoil(const std::string& why) override {
    std::fputs(why.c_str(), stderr);
    std::abort();
  }
  void whenOver(End end) override {
    database_.commit();
    end("");
  }

 private:
  static fs::path made() {
    std::string name = (fs::temp_directory_path() / "athanor-fuzz-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    return name;
  }
  fs::path folder_ = made();
  SystemLoop loop_;
  schema::Catalogue catalogue_;
  cloudcontrol::Database database_{":memory:"};
  s3::Index index_{database_};
  cloudcontrol::Behaviours behaviours_ = allBehaviours(&index_);
  cloudcontrol::Inventory inventory_{database_, catalogue_, behaviours_, fuzz::sources(), nullptr};
  s3::Service service_{loop_, *this, database_, inventory_, index_, catalogue_, fuzz::sources(), folder_};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Store store;
  store.ask({reinterpret_cast<const char*>(data), size});
  return 0;
}
