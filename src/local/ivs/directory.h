#pragma once

#include <functional>
#include <string>

#include "local/cloudcontrol/inventory.h"
#include "recorder/recorder.h"

namespace athanor {
class Loop;
}

namespace athanor::local::ivs {

/// The channels that are kept here, as the recorder asks for them.
class Directory final : public recorder::Channels {
 public:
  /// `loop` is the server's; the others are used on it and outlive this and every question.
  Directory(Loop& loop, cloudcontrol::Database& database, cloudcontrol::Inventory& inventory)
      : loop_(loop), database_(database), inventory_(inventory) {}

  void find(const std::string& streamKey, Found found) override;

 private:
  std::optional<recorder::Channel> channelOf(const std::string& streamKey);

  Loop& loop_;
  cloudcontrol::Database& database_;
  cloudcontrol::Inventory& inventory_;
};

}  // namespace athanor::local::ivs
