#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "recorder/segment.h"

namespace athanor::recorder {

/// One rendition to be encoded.
struct Rendition {
  std::string path;  ///< its folder: "720p30"
  int width = 0, height = 0;
  double framesPerSecond = 0;           ///< 0: as the source has it
  std::int64_t bitsPerSecond = 0;       ///< of the video
  std::int64_t audioBitsPerSecond = 0;  ///< 0: the source's audio is copied
  bool operator==(const Rendition&) const = default;
};

/// Turns the source segments of one stream into renditions and thumbnails, in order. Blocks; used by one
/// thread at a time. It lives in a module that is loaded when it is first needed, since FFmpeg's libraries
/// take long to load.
class Renderer {
 public:
  struct Thumbnail {
    Ticks at = 0;                ///< from the segment's begin; the keyframe that stands then is taken
    int height = 0;              ///< 0: as the source has it; never above it
    std::filesystem::path file;  ///< a JPEG is written here
  };
  struct Task {
    std::filesystem::path source;       ///< a segment of MPEG-TS
    Segment segment;                    ///< what it is
    std::filesystem::path folder;       ///< "<folder>/<rendition>/<number>.ts" is written; made where missing
    double framesPerSecond = 0;         ///< of the source
    std::vector<Rendition> renditions;  ///< the same for all segments of a renderer, or fewer
    std::vector<Thumbnail> thumbnails;  ///< in the order of time
  };
  struct Encoded {
    Segment segment;     ///< as `segment` of the task, with its own size, parts and duration
    std::string codecs;  ///< RFC 6381: "avc1.64001f,mp4a.40.2"
    double framesPerSecond = 0;
  };
  struct Outcome {
    std::vector<Encoded> renditions;  ///< in the task's order
    double seconds = 0;               ///< that it took: whether this machine keeps up
  };

  virtual ~Renderer() = default;
  /// Durable when it returns: the files are synced. Throws Malformed where the source cannot be decoded, and
  /// std::runtime_error where writing fails.
  virtual Outcome render(const Task& task) = 0;
};

struct RendererSettings {
  std::string preset = "veryfast";  ///< x264's
  int threads = 0;                  ///< of each encoder; 0: as x264 finds best
  bool sync = true;
};

/// Makes renderers; loads their module the first time. Throws Error(internal) where it cannot be loaded.
std::unique_ptr<Renderer> makeRenderer(const RendererSettings& settings);

/// What the module gives: a new renderer, which belongs to the caller.
using MakeRenderer = Renderer*(const RendererSettings& settings);
constexpr auto makeRendererName = "athanor_make_renderer";

}  // namespace athanor::recorder
