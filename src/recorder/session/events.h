#pragma once

#include <string>
#include <string_view>

#include "recorder/session/names.h"
#include "recorder/session/rows.h"

namespace athanor::recorder {

/// "IVS Recording State Change": `status` "Recording Start", "Recording End", "Recording Start Failure" or
/// "Recording End Failure", in EventBridge's envelope.
Event recordingEvent(const Recording& recording, const std::string& streamId, std::string_view status,
                     const std::string& reason, Time at, const Random& random);

/// "IVS Stream State Change": `name` "Session Created", "Stream Start", "Stream Takeover" …
Event streamEvent(const Stream& stream, std::string_view name, const std::string& reason, Time at,
                  const Random& random);

/// What lies in "events/": "recording-started.json", and later "recording-ended.json" or
/// "recording-failed.json", by the state that the recording is in.
std::string eventFile(const Recording& recording);

/// Its renditions, best first.
std::vector<hls::Variant> variants(const Recording& recording);

/// The media of all its streams.
std::chrono::milliseconds duration(const Recording& recording);

}  // namespace athanor::recorder
