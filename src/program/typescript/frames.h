#pragma once

#include "base/error.h"
#include "program/typescript/js.h"

namespace athanor::program {

/// The JavaScript stack at this moment as an object that lives on; null outside of JavaScript.
JSObject* captureStack(JSContext* cx);

/// The place of the youngest frame that is the user's own; unknown where there is none.
SourcePlace placeOf(JSContext* cx, JS::HandleObject stack);

/// The user's own frames, one a line: "    at [async ]name (file:line:column)". At most `most` of them.
std::string describe(JSContext* cx, JS::HandleObject stack, int most = 12);

/// Where the JavaScript that runs stands now; cheaper than a whole stack, but it may be our own script.
SourcePlace currentPlace(JSContext* cx);

}  // namespace athanor::program
