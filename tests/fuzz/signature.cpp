// Whatever a request says of its signature, it is refused, and never passes: the fuzzer knows no secret. A
// body in chunks is decoded or refused, and never becomes longer than it came.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "local/auth/gate.h"
#include "local/auth/refusal.h"

namespace {

using namespace athanor::local;

class World {
 public:
  World() {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "credentials")
        << "[dev]\naws_access_key_id = AKIADEVDEVDEVDEVDEV0\naws_secret_access_key = never told\n";
    gate_.emplace(auth::Gate::Settings{{"123456789012", "us-east-1"},
                                       auth::Credentials::read(folder_ / "credentials", "123456789012"),
                                       {.now = [] { return Time(std::chrono::seconds(1'767'323'045)); },
                                        .random = [] { return 7; }}},
                  sessions_);
  }
  ~World() { std::filesystem::remove_all(folder_); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  bool passes(const http::Request& request) {
    return std::holds_alternative<auth::Admission>(gate_->pass(request, "id"));
  }

 private:
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / "athanor-fuzz-signature";
  auth::Sessions sessions_{folder_ / "session.key",
                           {.now = [] { return Time(); }, .random = [] { return 7; }}};
  std::optional<auth::Gate> gate_;
};

/// The lines of the input: method, path, query, then headers up to an empty one, then the body.
http::Request requestOf(std::string_view text) {
  const auto line = [&] {
    const auto out = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(out.size() + 1, text.size()));
    return std::string(out);
  };
  http::Request out;
  out.method = line();
  out.path = line();
  out.query = line();
  for (auto field = line(); !field.empty(); field = line())
    if (const auto colon = field.find(':'); colon != std::string::npos)
      out.headers.emplace_back(field.substr(0, colon), field.substr(colon + 1));
  out.body = text;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    const auto request = requestOf(text);
    const bool preflight = request.method == "OPTIONS";  // browsers sign none, and S3 answers it to everybody
    if (world.passes(request) && !preflight) std::abort();
    return 0;
  }
  const auth::ChunkSigning signing{"never told", "20130524T000000Z", {"us-east-1", "s3"}, "seed"};
  for (const auto* keys : {&signing, static_cast<const auth::ChunkSigning*>(nullptr)}) {
    try {
      const auth::ChunkForm form{.isSigned = keys != nullptr, .trailer = data[0] % 4 == 1};
      if (auth::decodeChunks(text, form, "", keys).body.size() > text.size() || keys) std::abort();
    } catch (const auth::Refusal&) {  // the answer to most random text
    }
  }
  return 0;
}
