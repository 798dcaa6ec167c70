#include <cstdlib>

#include "cli/run.h"

/// Debian's libcurl brings GnuTLS along (for LDAP and RTMP), which would otherwise start itself before
/// main(). Nothing here uses it; what ever does calls gnutls_global_init() first (gnutls.h,
/// GNUTLS_SKIP_GLOBAL_INIT).
extern "C" int _gnutls_global_init_skip() { return 1; }  // NOLINT(bugprone-reserved-identifier)

/// What run() used is closed when it returns, and nothing is buffered: the rest is memory, which the system
/// takes back at once.
int main(int argc, char** argv) { std::_Exit(athanor::cli::run({argv + 1, argv + argc})); }
