#include "local/ivs/directory.h"

#include <utility>

#include "base/loop.h"
#include "local/ivs/rules.h"

namespace athanor::local::ivs {

void Directory::find(const std::string& streamKey, Found found) {
  loop_.post([this, streamKey, found = std::move(found)] {
    std::optional<recorder::Channel> channel;
    try {
      channel = channelOf(streamKey);
    } catch (const SQLite::Exception&) {  // NOLINT(bugprone-empty-catch): who cannot be looked up is unknown
    }
    found(std::move(channel));
  });
}

std::optional<recorder::Channel> Directory::channelOf(const std::string& streamKey) {
  SQLite::Statement keys(database_.sqlite(),
                         "SELECT account, region, json_extract(model, '$.ChannelArn') FROM resources "
                         "WHERE type = 'AWS::IVS::StreamKey' AND json_extract(model, '$.Value') = ?");
  keys.bind(1, streamKey);
  if (streamKey.empty() || !keys.executeStep()) return {};
  const Caller caller{keys.getColumn(0).getString(), keys.getColumn(1).getString()};
  const auto channel = inventory_.find({caller, "AWS::IVS::Channel", keys.getColumn(2).getString()});
  if (!channel) return {};
  const auto model = Json::parse(channel->model);
  std::optional<Json> recording;
  if (const auto arn = stringAt(model, "RecordingConfigurationArn"); !arn.empty())
    if (const auto found = inventory_.find({caller, "AWS::IVS::RecordingConfiguration", arn}))
      recording = Json::parse(found->model);
  return ivs::channelOf(caller, model, recording);
}

}  // namespace athanor::local::ivs
