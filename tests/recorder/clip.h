#pragma once

#include <filesystem>
#include <string>

namespace athanor::recorder {

/// Runs a shell command; throws std::runtime_error with what it wrote where it fails. Gives its output.
std::string shell(const std::string& command);

/// A folder of its own, removed with it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What a generated clip is like.
struct ClipForm {
  int seconds = 4, width = 320, height = 180, framesPerSecond = 30, keyframeSeconds = 1;
  std::string more = {};  ///< further options of the encoder
};

/// An MP4 of H.264 and AAC, made by FFmpeg.
void makeClip(const std::filesystem::path& file, const ClipForm& form = {});

}  // namespace athanor::recorder
