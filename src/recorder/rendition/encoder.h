#pragma once

#include <deque>
#include <optional>
#include <string>

#include "recorder/media.h"
#include "recorder/renderer.h"
#include "recorder/rendition/ffmpeg.h"

namespace athanor::recorder {

/// One rendition of one segment: pictures in, access units out.
class Encoder {
 public:
  struct Unit {
    std::string bytes;  ///< Annex B
    Ticks dts = 0, pts = 0;
    bool keyframe = false;
  };

  /// `sourceRate`: frames a second of what comes. Throws std::runtime_error.
  Encoder(const Rendition& rendition, double sourceRate, const RendererSettings& settings);

  /// Scales and encodes a picture, or leaves it out where the rendition has fewer. A keyframe of the source
  /// makes one here.
  void add(AVFrame& picture);
  /// All units, in the order of decoding. Nothing may be added any more.
  std::deque<Unit> finish();

  VideoFormat format() const;
  double framesPerSecond() const { return rate_; }

 private:
  void send(const AVFrame* picture);

  Rendition rendition_;
  double rate_;
  Ticks step_ = 0;  ///< between pictures where some are left out; 0: all are taken
  std::optional<Ticks> due_;
  bool keyframe_ = true;
  ffmpeg::Owned<AVCodecContext> context_;
  ffmpeg::Owned<SwsContext> scaler_;
  std::deque<Unit> units_;
};

}  // namespace athanor::recorder
