#include "engine/live.h"

#include "schema/compare.h"

namespace athanor::engine {

void LiveState::read(const Resource& recorded) {
  reads_.insert_or_assign(recorded.id,
                          start(readOne(recorded.target, recorded.id, recorded.type, recorded.identifier)));
}

Task<LiveState::Reading> LiveState::readOne(Target target, std::string id, std::string type,
                                            std::string identifier) {
  const auto slot = co_await slots_.take();
  auto live = co_await providers_.provider(target).read(std::move(type), std::move(identifier));
  if (!live) co_return Reading{plan::Evidence::Live::gone, {}};
  const auto* recorded = records_.current(id);
  if (recorded && recorded->outputs == live->properties) co_return Reading{plan::Evidence::Live::present, {}};
  co_return Reading{plan::Evidence::Live::present, std::move(live->properties)};
}

Task<bool> LiveState::drained() {
  std::vector<Later<Reading>> reads;
  for (const auto& [id, read] : reads_) reads.push_back(read);
  bool same = true;
  for (const auto& read : reads) {
    try {
      const auto reading = co_await read;
      same = same && reading.state == plan::Evidence::Live::present && !reading.properties;
    } catch (const Error&) {  // found() tells it to whom it matters
      same = false;
    }
  }
  co_return same;
}

void LiveState::rename(const std::string& from, const std::string& to) {
  if (auto read = reads_.extract(from)) {
    read.key() = to;
    reads_.insert(std::move(read));
  }
}

Task<LiveState::Found> LiveState::found(std::string id) {
  const auto read = reads_.find(id);
  if (read == reads_.end()) co_return Found{};
  const auto later = read->second;
  auto reading = co_await later;
  Found found{.state = reading.state, .properties = {}};
  if (reading.properties)
    found.properties = std::move(*reading.properties);
  else if (const auto* recorded = records_.current(id);
           recorded && found.state == plan::Evidence::Live::present)
    found.properties = recorded->outputs;
  co_return found;
}

Json sentOf(const schema::Type& type, provider::Provider& provider, const Resource& recorded,
            const Json& live) {
  return schema::asAnswered(type, provider.wire(recorded.type, recorded.resolved), recorded.outputs, live,
                            recorded.options.ignoreChanges);
}

}  // namespace athanor::engine
