#pragma once

#include <functional>
#include <string>

namespace athanor::local::cloudcontrol {
class Behaviours;
}

namespace athanor::local::ivs {

/// Adds how the types of Amazon IVS behave: recording configurations become ACTIVE and are not deleted while
/// a channel names them, channels get an ingest endpoint and a playback URL, stream keys a value.
/// `playbackBase`: the URL that streams play below, or "" where none are taken here.
void addBehaviours(cloudcontrol::Behaviours& to, std::function<std::string()> playbackBase);

}  // namespace athanor::local::ivs
