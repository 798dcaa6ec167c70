#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/records.h"
#include "engine/slots.h"
#include "plan/step.h"
#include "provider/provider.h"
#include "schema/type.h"

namespace athanor::engine {

/// Reads of live state in flight; the governor of the provider paces them.
inline constexpr std::size_t readsAtOnce = 64;

/// Reads the live state of recorded resources, many at once, while the program runs.
class LiveState {
 public:
  LiveState(provider::Providers& providers, const Records& records, std::size_t atOnce)
      : providers_(providers), records_(records), slots_(atOnce) {}

  /// Starts reading; the answer is kept for evidence().
  void read(const Resource& recorded);
  /// What became of a resource; `unchecked` where nothing was read. Throws what the reading threw.
  struct Found {
    plan::Evidence::Live state = plan::Evidence::Live::unchecked;
    Json properties = {};
  };
  Task<Found> found(std::string id);
  /// Ends when every reading has, whatever came of it: none outlives what it reads for. True where each found
  /// the resource there, with the outputs that are recorded.
  Task<bool> drained();
  /// What was read of `from` is what is live of `to`.
  void rename(const std::string& from, const std::string& to);
  /// An operation changed it: what was read is no longer true.
  void forget(const std::string& id) { reads_.erase(id); }

 private:
  /// What is kept of a reading: the properties only where they are not the recorded outputs.
  struct Reading {
    plan::Evidence::Live state = plan::Evidence::Live::unchecked;
    std::optional<Json> properties = {};
  };
  Task<Reading> readOne(Target target, std::string id, std::string type, std::string identifier);

  provider::Providers& providers_;
  const Records& records_;
  Slots slots_;
  std::map<std::string, Later<Reading>> reads_;
};

/// What the live model of a recorded resource is compared with: the props in the form in which they were
/// sent, and in the service's own words where it has said the same of them since they were recorded.
Json sentOf(const schema::Type& type, provider::Provider& provider, const Resource& recorded,
            const Json& live);

}  // namespace athanor::engine
