#pragma once

#include <filesystem>
#include <string>

namespace athanor::recorder {

/// Runs a shell command; throws std::runtime_error with what it wrote where it fails. Gives its output.
std::string shell(const std::string& command);

/// What a generated clip is like.
struct ClipForm {
  int seconds = 4, width = 320, height = 180, framesPerSecond = 30, keyframeSeconds = 1;
  std::string more = {};  ///< further options of the encoder
};

/// An MP4 of H.264 and AAC, made by FFmpeg.
void makeClip(const std::filesystem::path& file, const ClipForm& form = {});

}  // namespace athanor::recorder
