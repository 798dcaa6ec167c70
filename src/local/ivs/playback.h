#pragma once

#include <optional>
#include <string>

#include "local/cloudcontrol/operation.h"
#include "local/http/message.h"
#include "recorder/recorder.h"

namespace athanor::local::ivs {

/// A path below "/api/video/v1/", taken apart: the channel's playlist, or one of its parts.
struct PlaybackPath {
  std::string channelArn;
  std::string stream;                     ///< "" for the playlist
  std::optional<std::uint64_t> sequence;  ///< of the part
};

/// "/api/video/v1/us-west-2.123456789012.channel.AbCd.m3u8", or below it without the suffix:
/// "/api/video/v1/us-west-2.123456789012.channel.AbCd/st-…/17.ts". None for any other path.
std::optional<PlaybackPath> playbackPath(const std::string& path);

/// The playlist of a channel that is live: the last parts (RFC 8216, 6.2.2).
http::Response livePlaylist(const std::string& path, const recorder::LiveStream& live);
/// One part of it; 404 where it is not there any more.
http::Response livePart(const PlaybackPath& path, const recorder::LiveStream& live);
/// For a channel that is not live.
http::Response offline();

}  // namespace athanor::local::ivs
