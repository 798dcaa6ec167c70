#pragma once

#include <string>

#include "schema/catalogue.h"

namespace athanor::cli {

/// The type that a person means by "AWS::IVS::Channel", "IVS::Channel" or "ivs.channel", in any casing.
/// Throws Error(notFound) that names the nearest ones where AWS has none.
const schema::Type& typeNamed(const schema::Catalogue& catalogue, const std::string& given);

}  // namespace athanor::cli
