#include "engine/live.h"

#include "schema/compare.h"

namespace athanor::engine {

void LiveState::read(const std::string& id) {
  Later<Reading> answer;
  reads_.insert_or_assign(id, answer);
  waiting_.push_back({id, answer});
  if (reading_ < atOnce_) spawn(readWaiting());
}

/// Reads one after the other: of thousands only those whose turn it is take memory.
Task<> LiveState::readWaiting() {
  ++reading_;
  while (!waiting_.empty()) {
    auto [id, answer] = std::move(waiting_.front());
    waiting_.pop_front();
    try {
      answer.resolve(co_await readOne(std::move(id)));
    } catch (...) {
      answer.reject(std::current_exception());
    }
  }
  --reading_;
}

Task<LiveState::Reading> LiveState::readOne(std::string id) {
  const auto* recorded = records_.current(id);
  if (!recorded) co_return Reading{};
  auto live = co_await providers_.provider(recorded->target).read(recorded->type, recorded->identifier);
  if (!live) co_return Reading{plan::Evidence::Live::gone, {}};
  recorded = records_.current(id);
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
  for (auto& waiting : waiting_)
    if (waiting.id == from) waiting.id = to;
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
  return schema::asAnswered(type, provider.wire(recorded.type, recorded.resolved()), recorded.outputs, live,
                            recorded.options.ignoreChanges);
}

}  // namespace athanor::engine
