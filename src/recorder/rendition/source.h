#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "recorder/media.h"
#include "recorder/rendition/ffmpeg.h"

namespace athanor::recorder {

/// A segment of MPEG-TS, decoded.
class Source {
 public:
  /// Opens the file, or `size` bytes of it from `offset`. Throws Malformed where it is none.
  explicit Source(const std::filesystem::path& file, std::uint64_t offset = 0, std::uint64_t size = 0);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  struct Visitor {
    std::function<void(AVFrame&)> picture;                          ///< in the order of presentation
    std::function<void(std::string_view frames, Ticks pts)> audio;  ///< one AAC frame, with ADTS
  };
  /// Goes through all of it. Pictures that cannot be decoded are left out; throws Malformed where none can.
  void read(const Visitor& visitor);
  /// The first picture that can be decoded. Throws Malformed where there is none.
  ffmpeg::Owned<AVFrame> firstPicture();

 private:
  void open();
  bool decode(const AVPacket* packet, const std::function<void(AVFrame&)>& take);

  std::string name_;
  std::string bytes_;  ///< the file: a segment is small
  std::size_t at_ = 0;
  AVIOContext* io_ = nullptr;
  ffmpeg::Owned<AVFormatContext> format_;
  ffmpeg::Owned<AVCodecContext> decoder_;
  int video_ = -1, audio_ = -1;
};

}  // namespace athanor::recorder
