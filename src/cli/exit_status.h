#pragma once

namespace athanor::cli {

// What a command ends with (docs/cli.md).
inline constexpr int exitOk = 0;
inline constexpr int exitFailed =
    1;  ///< an error, a failed step, a refusal, a command line that makes no sense
inline constexpr int exitChanges = 2;        ///< plan --detailed-exitcode: there is something to do
inline constexpr int exitInterrupted = 130;  ///< Ctrl-C or SIGTERM

}  // namespace athanor::cli
