#include "local/ivs/behaviours.h"

#include <fmt/format.h>

#include "local/cloudcontrol/behaviour.h"
#include "local/ivs/arn.h"
#include "local/ivs/channel.h"
#include "local/ivs/keys.h"
#include "local/ivs/recording_configuration.h"

namespace athanor::local::ivs {

namespace {

using cloudcontrol::Birth;
using cloudcontrol::World;

/// A type of which only the ARN and a few read-only properties want saying.
class Plain final : public cloudcontrol::Behaviour {
 public:
  explicit Plain(std::string resource, Json given = Json::object())
      : resource_(std::move(resource)), given_(std::move(given)) {}
  void complete(World&, const Birth& birth, Json& model) const override {
    model["Arn"] = arn(birth, resource_);
    for (const auto& [name, value] : given_.items()) model.emplace(name, value);
  }

 private:
  std::string resource_;
  Json given_;
};

/// Where a broadcaster sends a stream to a stage: nobody does yet.
class IngestConfiguration final : public cloudcontrol::Behaviour {
 public:
  void complete(World&, const Birth& birth, Json& model) const override {
    model["Arn"] = arn(birth, "ingest-configuration");
    model["ParticipantId"] = randomId(*birth.sources, 12);
    model["StreamKey"] =
        fmt::format("rt_{}_{}_{}", birth.caller.region, birth.id, randomId(*birth.sources, 30));
    model["State"] = "INACTIVE";
  }
};

}  // namespace

std::string arn(const Birth& birth, const std::string& resource) {
  return fmt::format("arn:{}:ivs:{}:{}:{}/{}", partition(birth.caller), birth.caller.region,
                     birth.caller.account, resource, birth.id);
}

void addBehaviours(cloudcontrol::Behaviours& to, std::function<std::string()> playbackBase) {
  to.add("AWS::IVS::RecordingConfiguration", std::make_unique<RecordingConfiguration>());
  to.add("AWS::IVS::Channel", std::make_unique<Channel>(std::move(playbackBase)));
  to.add("AWS::IVS::StreamKey", std::make_unique<StreamKey>());
  to.add("AWS::IVS::PlaybackKeyPair", std::make_unique<KeyPair>("playback-key"));
  to.add("AWS::IVS::PublicKey", std::make_unique<KeyPair>("public-key"));
  to.add("AWS::IVS::IngestConfiguration", std::make_unique<IngestConfiguration>());
  to.add("AWS::IVS::Stage", std::make_unique<Plain>("stage", Json{{"ActiveSessionId", ""}}));
  to.add("AWS::IVS::EncoderConfiguration", std::make_unique<Plain>("encoder-configuration"));
  to.add("AWS::IVS::StorageConfiguration", std::make_unique<Plain>("storage-configuration"));
  to.add("AWS::IVS::PlaybackRestrictionPolicy", std::make_unique<Plain>("playback-restriction-policy"));
}

}  // namespace athanor::local::ivs
