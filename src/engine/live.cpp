#include "engine/live.h"

namespace athanor::engine {

void LiveState::read(const Resource& recorded) {
  reads_.insert_or_assign(recorded.id, start(readOne(recorded.target, recorded.type, recorded.identifier)));
}

Task<LiveState::Found> LiveState::readOne(Target target, std::string type, std::string identifier) {
  const auto slot = co_await slots_.take();
  auto live = co_await providers_.provider(target).read(std::move(type), std::move(identifier));
  if (!live) co_return Found{plan::Evidence::Live::gone, {}};
  co_return Found{plan::Evidence::Live::present, std::move(live->properties)};
}

Task<LiveState::Found> LiveState::found(std::string id) {
  const auto read = reads_.find(id);
  if (read == reads_.end()) co_return Found{};
  co_return co_await read->second;
}

}  // namespace athanor::engine
