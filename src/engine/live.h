#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "engine/records.h"
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
      : providers_(providers), records_(records), atOnce_(atOnce) {}

  /// Reads what is recorded under an id, in its turn; the answer is kept for found().
  void read(const std::string& id);
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
  struct Waiting {
    std::string id;
    Later<Reading> answer;
  };
  Task<> readWaiting();
  Task<Reading> readOne(std::string id);

  provider::Providers& providers_;
  const Records& records_;
  std::size_t atOnce_;
  std::size_t reading_ = 0;  ///< how many of `atOnce_` read
  std::deque<Waiting> waiting_;
  std::map<std::string, Later<Reading>> reads_;
};

/// What the live model of a recorded resource is compared with: the props in the form in which they were
/// sent, and in the service's own words where it has said the same of them since they were recorded.
Json sentOf(const schema::Type& type, provider::Provider& provider, const Resource& recorded,
            const Json& live);

}  // namespace athanor::engine
