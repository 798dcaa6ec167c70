#include "recorder/clip.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace athanor::recorder {

std::string shell(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1 </dev/null").c_str(), "re");
  if (!pipe) throw std::runtime_error("cannot start a shell");
  std::string out;
  std::array<char, 4096> buffer{};
  while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), size);
  const int status = ::pclose(pipe);
  if (status != 0) throw std::runtime_error(fmt::format("{}\nended with {}:\n{}", command, status, out));
  return out;
}

void makeClip(const std::filesystem::path& file, const ClipForm& form) {
  shell(fmt::format(
      "ffmpeg -v error -y -f lavfi -i testsrc2=size={}x{}:rate={} -f lavfi -i sine=frequency=440 -t {} "
      "-c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p -g {} -keyint_min {} -sc_threshold 0 {} "
      "-c:a aac -b:a 64k {}",
      form.width, form.height, form.framesPerSecond, form.seconds,
      form.framesPerSecond * form.keyframeSeconds, form.framesPerSecond * form.keyframeSeconds, form.more,
      file.string()));
}

}  // namespace athanor::recorder
