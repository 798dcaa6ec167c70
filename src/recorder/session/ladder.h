#pragma once

#include <string>
#include <vector>

#include "recorder/channel.h"
#include "recorder/media.h"
#include "recorder/renderer.h"

namespace athanor::recorder {

/// Which renditions of a stream are recorded.
struct Ladder {
  bool source = true;  ///< the stream itself, copied
  std::vector<Rendition> encoded;
  std::vector<std::string> notes;  ///< sentences on what is not as it was asked
};

/// By RenditionConfiguration and the channel's type: the renditions that the document's measures ask for,
/// else IVS's bands over its ladder for transcoded channels. Nothing is ever made larger than the source.
Ladder ladderFor(const RecordingRules& rules, bool transcoded, const VideoFormat& source);

/// "720p30", as IVS names the folders of renditions.
std::string folderOf(int height, double framesPerSecond);

/// The band of a height; none below 160 and above 1080.
std::optional<Band> bandOf(int height);

}  // namespace athanor::recorder
