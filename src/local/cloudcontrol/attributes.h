#pragma once

#include <string>

#include "base/json.h"
#include "local/cloudcontrol/behaviour.h"
#include "schema/type.h"

namespace athanor::local::cloudcontrol {

/// The ARN of a resource: by the type's template where it has one, else
/// arn:<partition>:<service>:<region>:<account>:<resource>/<id>.
std::string arnOf(const schema::Type& type, const Json& model, const Birth& birth);

/// Gives a new resource what its service would: a name where it may have one and the caller gave none, and
/// every read-only property that is still absent, of the right type and by the meaning of its name. A
/// read-only property for which nothing fits its constraints stays absent.
void giveAttributes(const schema::Type& type, const Birth& birth, Json& model);

}  // namespace athanor::local::cloudcontrol
