#include "local/ivs/playback.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <system_error>

namespace athanor::local::ivs {

namespace {

constexpr std::string_view root = "/api/video/v1/", suffix = ".m3u8";
constexpr std::size_t listed = 6;  // parts of the live window

/// Players of other origins may read all of it.
http::Headers headers(const char* type, const char* caching) {
  return {{"Content-Type", type},
          {"Cache-Control", caching},
          {"Access-Control-Allow-Origin", "*"},
          {"Access-Control-Expose-Headers", "*"}};
}

/// "us-west-2.123456789012.channel.AbCd" as an ARN; "" where it is none.
std::string arnOf(std::string_view name) {
  const auto region = name.find('.');
  const auto account = name.find('.', region + 1);
  constexpr std::string_view kind = ".channel.";
  if (region == std::string_view::npos || account == std::string_view::npos ||
      !name.substr(account).starts_with(kind))
    return "";
  const Caller caller{std::string(name.substr(region + 1, account - region - 1)),
                      std::string(name.substr(0, region))};
  return fmt::format("arn:{}:ivs:{}:{}:channel/{}", partition(caller), caller.region, caller.account,
                     name.substr(account + kind.size()));
}

}  // namespace

std::optional<PlaybackPath> playbackPath(const std::string& path) {
  if (!path.starts_with(root)) return {};
  auto rest = std::string_view(path).substr(root.size());
  PlaybackPath out;
  if (const auto slash = rest.find('/'); slash == std::string_view::npos) {
    if (!rest.ends_with(suffix)) return {};
    rest.remove_suffix(suffix.size());
  } else {
    const auto second = rest.find('/', slash + 1);
    if (second == std::string_view::npos) return {};
    out.stream = rest.substr(slash + 1, second - slash - 1);
    const auto file = rest.substr(second + 1);
    std::uint64_t sequence = 0;
    const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), sequence);
    if (error != std::errc{} || std::string_view(end, file.data() + file.size()) != ".ts") return {};
    out.sequence = sequence;
    rest = rest.substr(0, slash);
  }
  out.channelArn = arnOf(rest);
  if (out.channelArn.empty()) return {};
  return out;
}

http::Response livePlaylist(const std::string& path, const recorder::LiveStream& live) {
  const auto first = live.parts.size() > listed ? live.parts.end() - listed : live.parts.begin();
  double longest = 1;
  for (auto part = first; part != live.parts.end(); ++part)
    longest = std::max(longest, recorder::seconds(part->part.duration));
  auto body = fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-TARGETDURATION:{}\n"
      "#EXT-X-MEDIA-SEQUENCE:{}\n",
      std::lround(std::ceil(longest)), first == live.parts.end() ? 0 : first->sequence);
  const auto base = path.substr(0, path.size() - suffix.size());
  for (auto part = first; part != live.parts.end(); ++part)
    body += fmt::format("#EXTINF:{:.5f},\n{}/{}/{}.ts\n", recorder::seconds(part->part.duration), base,
                        live.streamId, part->sequence);
  return {200, headers("application/vnd.apple.mpegurl", "no-cache"), std::move(body)};
}

http::Response livePart(const PlaybackPath& path, const recorder::LiveStream& live) {
  const auto part = std::ranges::find(live.parts, path.sequence, &recorder::LivePart::sequence);
  if (path.stream != live.streamId || part == live.parts.end()) return offline();
  http::Response out{200, headers("video/mp2t", "max-age=60"), {}};
  try {
    out.file =
        http::FileRange{std::make_shared<http::OpenFile>(part->file), part->part.offset, part->part.size};
  } catch (const std::system_error&) {
    return offline();
  }
  return out;
}

http::Response offline() {
  return {404, headers("application/json", "no-cache"),
          R"([{"error_code":"not_found","error":"The channel is not live"}])"
          "\n"};
}

}  // namespace athanor::local::ivs
