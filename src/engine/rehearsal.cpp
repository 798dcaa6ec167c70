#include "engine/rehearsal.h"

#include "engine/preview.h"

namespace athanor::engine {

Task<Outputs> Rehearsal::declare(Declaration declaration) {
  for (auto& mistake : declared_.add(catalogue_, declaration)) mistakes_.push_back(std::move(mistake));
  unknownsOut_ = true;
  co_return Outputs{.type = std::move(declaration.type),
                    .id = std::move(declaration.id),
                    .identifier = "",
                    .values = Json::object(),
                    .open = true};
}

Task<Outputs> Rehearsal::get(std::string type, std::string identifier, Options, SourcePlace) {
  unknownsOut_ = true;
  co_return unknownUnmanaged(std::move(type), identifier);
}

void Rehearsal::mistake(Error mistake) {
  mistakes_.push_back(std::move(mistake));
  unknownsOut_ = true;
}

std::int64_t Rehearsal::startTime() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(started_.time_since_epoch()).count();
}

}  // namespace athanor::engine
