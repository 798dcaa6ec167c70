#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "schema/type.h"

namespace athanor::local::cloudcontrol {

/// Fills in the defaults that the schema knows, in objects that are present.
void fillDefaults(const schema::Shape& shape, Json& model);

/// The model without its write-only properties, at every depth: what reads show.
Json visibleModel(const schema::Shape& shape, const Json& model);

/// The model of a resource whose creation failed halfway: read-only properties that can say CREATE_FAILED, or
/// else FAILED, say so.
Json failedModel(const schema::Shape& shape, Json model);

/// Puts the write-only and read-only properties of `before` into `after` where it does not give them itself.
void carry(const schema::Shape& shape, const Json& before, Json& after);

/// Which properties of one kind differ between two models (read-only ones: where `after` gives them), as JSON
/// pointers without list indices
/// ("/A/B", "/List/*/B"), in the schema's order.
enum class Fixed : std::uint8_t { createOnly, readOnly };
std::vector<std::string> changed(const schema::Shape& shape, const Json& before, const Json& after,
                                 Fixed which);

/// The property that a JSON pointer leads to or into: its nearest ancestor (or itself) that is marked as
/// `writeOnly`; "" where there is none.
std::string writeOnlyOn(const schema::Shape& shape, const std::string& pointer);

/// The same for read-only and create-only.
std::string fixedOn(const schema::Shape& shape, const std::string& pointer, Fixed which);

/// How deep JSON text nests. Text that nests deeper than a stack can follow must not be parsed.
std::size_t nesting(std::string_view json);

}  // namespace athanor::local::cloudcontrol
