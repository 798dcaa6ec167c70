#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/loop.h"
#include "engine/journal.h"
#include "engine/records.h"
#include "plan/replacement.h"
#include "provider/provider.h"
#include "schema/catalogue.h"
#include "state/store.h"

namespace athanor::engine {

/// "the interrupted creation of channel".
std::string about(const state::Entry& entry);

/// Creates, updates and deletes single resources, each by the journal's protocol: the intent is durable
/// before it is asked, the answer before anything else is done, and the outcome closes the entry together
/// with the state.
class Operations {
 public:
  Operations(Loop& loop, const schema::Catalogue& catalogue, provider::Providers& providers, Journal& journal,
             Records& records, std::chrono::minutes timeout, std::uint64_t seed);

  /// Makes `intended` (identifier and outputs empty) and records it; older generations of its id are recorded
  /// as leaving in the same transaction. Throws the provider's failure; a failed create that left a remnant
  /// is recorded as tainted.
  Task<Resource> create(Resource intended);
  /// Brings a recorded resource to `intended`, by a patch from what is live. `live` may be known already.
  Task<Resource> update(Resource recorded, Resource intended, std::optional<Json> live);
  /// Deletes a resource and its record; what is gone already counts as deleted.
  Task<> remove(Resource recorded);
  /// Records `resource` with nothing asked of the provider.
  Task<> record(Resource resource);
  /// Forgets a generation with nothing asked of the provider.
  Task<> forget(std::string id, std::int64_t generation);

  /// Records rows under the ids that they have in the records by now.
  Task<> record(std::vector<plan::Key> gone, std::set<plan::Key> changed);

  /// Finishes an entry that an earlier run left open; gives a sentence for the user. Throws the failure that
  /// the operation ended with, or what keeps its outcome from being known: then the entry is still open.
  Task<std::string> recover(state::Entry entry);

 private:
  provider::Provider& providerOf(const Target& target) { return providers_.provider(target); }
  std::chrono::steady_clock::time_point deadline(const Resource& resource) const;
  std::string newToken();
  state::Put put(const Resource& resource) const;
  Task<Resource> carryOut(state::Entry::Operation operation, Resource intended, provider::Call call);
  Task<provider::Progress> send(state::Entry* entry, provider::Call call);
  Task<Resource> finish(state::Entry entry, provider::Progress progress);
  Task<> fail(state::Entry entry, provider::Progress progress);
  Task<provider::Live> readBack(Target target, std::string type, provider::Progress progress, Json fallback);
  Task<std::string> lookUp(state::Entry entry);
  Task<std::vector<provider::Progress>> candidates(state::Entry entry);
  Task<> abandon(state::Entry entry);
  std::string holderOf(const state::Entry& entry, const std::string& identifier) const;

  Loop& loop_;
  const schema::Catalogue& catalogue_;
  provider::Providers& providers_;
  Journal& journal_;
  Records& records_;
  std::chrono::minutes timeout_;
  std::mt19937_64 random_;
};

}  // namespace athanor::engine
