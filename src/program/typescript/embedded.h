#pragma once

#include <string_view>

/// Our own JavaScript (js/*.js), which the build embeds.
namespace athanor::program {

std::string_view preludeScript();
std::string_view inspectScript();
std::string_view urlScript();
std::string_view encodingScript();

/// The name that a script of ours has in stacks: "athanor:prelude".
inline bool isOurScript(std::string_view file) { return file.starts_with("athanor:"); }

/// The text of a module of ours. SpiderMonkey 102 has no synthetic modules: this one re-exports what the pass
/// puts on its `import.meta`.
std::string_view moduleShim(std::string_view name);

}  // namespace athanor::program
