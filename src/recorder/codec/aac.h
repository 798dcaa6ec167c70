#pragma once

#include <string>

#include "recorder/media.h"

namespace athanor::recorder::aac {

/// What an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) says. Throws Malformed for what is no AAC or breaks
/// its form.
AudioFormat format(std::string config);

/// The AudioSpecificConfig that an ADTS header stands for (ISO/IEC 13818-7, 6.2). Throws Malformed.
std::string configOf(std::string_view adtsHeader);

}  // namespace athanor::recorder::aac
