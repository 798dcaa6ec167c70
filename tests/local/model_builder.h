#pragma once

#include <cstdint>
#include <random>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::local::test {

/// A model of a type that its schema allows: what is required, and as much of the rest as `optional` (0 to 1)
/// says. The same seed makes the same model.
Json buildModel(const schema::Type& type, std::uint64_t seed, double optional);

/// A value of that shape, with required properties only.
Json buildValue(const schema::Shape& shape, std::uint64_t seed);

}  // namespace athanor::local::test
