#pragma once

#include <filesystem>
#include <optional>

#include "recorder/segment.h"

namespace athanor::recorder::mpegts {

/// What a segment that Muxer was writing when the process was killed holds: its parts, up to its last whole
/// picture. The file is cut there. None where not one picture is whole. Number and time are left to the
/// caller. Throws std::runtime_error where the file cannot be read or cut.
std::optional<Segment> recover(const std::filesystem::path& file);

}  // namespace athanor::recorder::mpegts
