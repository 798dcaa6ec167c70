#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "local/faults/fault.h"
#include "local/sources.h"

namespace athanor::local {

/// A document of faults, as files and requests hold them: {"seed": 7, "faults": [{"kind": …}, …]}. A list or
/// a single fault may stand for it. A fault without a "seed" takes one made of the document's and of its
/// place; without that, a random one. Throws Error(usage) that names the fault, the member and what may stand
/// there.
std::vector<Fault> faultsFrom(const Json& document, const Sources& sources);

/// A fault from a flag: "throttle,type=AWS::IVS::*,probability=0.2", or a document as JSON text.
std::vector<Fault> faultsFromFlag(const std::string& text, const Sources& sources);

/// The faults of a file. Throws Error(usage) that names the file.
std::vector<Fault> faultsFromFile(const std::filesystem::path& file, const Sources& sources);

/// A fault as its description would say it, with its seed and without what is the default.
Json described(const Fault& fault);

/// The HTTP status of one of the exceptions that a fault may answer with, and its name on the wire
/// ("com.amazon.cloudapiservice#…").
struct ExceptionFacts {
  unsigned status;
  std::string wireName;
};
ExceptionFacts factsOf(const std::string& exception);

}  // namespace athanor::local
