#pragma once

#include <string>

#include "recorder/rendition/ffmpeg.h"

namespace athanor::recorder {

/// A JPEG (full range, 4:2:0) of a picture, `height` high, as wide as its aspect asks; never larger than the
/// picture. 0: its own height. Throws std::runtime_error.
std::string jpegOf(const AVFrame& picture, int height);

}  // namespace athanor::recorder
