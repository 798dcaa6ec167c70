#pragma once

#include "program/typescript/js.h"

namespace athanor::program {

/// Puts on `natives` what the prelude is made from, and changes on `global` what must be the same in both
/// passes: random numbers, and what tells where an `await` stands.
void defineBuiltins(Pass& pass, JS::HandleObject global, JS::HandleObject natives);

/// `process.exitCode` as the program left it; 0 where it did not set it.
int exitCode(Pass& pass);

}  // namespace athanor::program
