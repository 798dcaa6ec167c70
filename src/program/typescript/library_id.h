#pragma once

namespace athanor::program {

/// Tells SpiderMonkey which build of it runs (the linker's build id of its library), so that it takes no
/// compiled code that another build made. To be called between JS_Init() and the first context.
void identifyLibrary();

}  // namespace athanor::program
