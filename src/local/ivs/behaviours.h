#pragma once

namespace athanor::local::cloudcontrol {
class Behaviours;
}

namespace athanor::local::ivs {

/// Adds how the types of Amazon IVS behave: recording configurations become ACTIVE and are not deleted while
/// a channel names them, channels get an ingest endpoint and a playback URL, stream keys a value.
void addBehaviours(cloudcontrol::Behaviours& to);

}  // namespace athanor::local::ivs
