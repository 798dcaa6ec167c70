#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace athanor::local {

/// What becomes of the control characters that XML 1.0 cannot hold.
enum class Controls : std::uint8_t {
  questionMarks,
  references,  ///< of line ends and tabs too: as S3 writes keys; who lists such keys asks for
               ///< encoding-type=url
};

/// Text as it stands between two tags of an XML document.
std::string xmlEscaped(std::string_view text, Controls controls = Controls::questionMarks);

}  // namespace athanor::local
