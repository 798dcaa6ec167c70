#pragma once

#include <string>

#include "aws/credentials.h"

namespace athanor::aws {

/// Runs a profile's `credential_process` and reads the keys it prints. It is a process by definition, and
/// the only one that this part of Athanor starts. The calling thread waits for it; what it writes to standard
/// error, and what it asks on the terminal, reaches the user. Throws Error(credentials).
Credentials runCredentialProcess(const std::string& commandLine);

/// Keys in the JSON form that processes, containers and instances share: {AccessKeyId, SecretAccessKey,
/// Token or SessionToken, Expiration}. Throws Error(credentials) that names `source`.
Credentials credentialsFromJson(const std::string& text, const std::string& source);

}  // namespace athanor::aws
