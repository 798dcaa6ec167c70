#pragma once

#include <cstddef>
#include <string>

#include "state/store.h"

namespace athanor::engine {

/// Records what is recorded under the id `from`, every generation of it, under `to`, and mends every
/// reference to it; takes the scope's lock and commits once. Sealed values are moved as they rest, so that no
/// key is needed. Gives how many other resources referred to it. Throws Error(notFound) where nothing is
/// recorded under `from`, Error(refused) where something is under `to` or where the journal holds an
/// interrupted operation that has to do with either.
/// The history tells of it: `by` holds the command, who gave it and when.
std::size_t moveRecord(state::Store& store, const state::Scope& scope, const std::string& from,
                       const std::string& to, state::Run by);

}  // namespace athanor::engine
