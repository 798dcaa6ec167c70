#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aws/credentials.h"
#include "aws/http.h"
#include "base/loop.h"

/// AWS Security Token Service: its query API, version 2011-06-15.
namespace athanor::aws::sts {

struct Endpoint {
  std::string url;
  std::string region;
};

struct Identity {
  std::string account;
  std::string arn;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Who the keys belong to. All of these throw Error(credentials) with the service's own words where it
/// refuses.
Task<Identity> callerIdentity(Loop& loop, HttpClient& http, Endpoint endpoint, sigv4::Key key);
/// Keys of a role. `fields`: RoleArn, RoleSessionName, and what else AssumeRole takes.
Task<Credentials> assumeRole(Loop& loop, HttpClient& http, Endpoint endpoint, sigv4::Key key, Fields fields);
/// Keys of a role for a token of an identity provider: unsigned. `fields` holds WebIdentityToken too.
Task<Credentials> assumeRoleWithWebIdentity(HttpClient& http, Endpoint endpoint, Fields fields);

}  // namespace athanor::aws::sts
