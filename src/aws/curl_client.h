#pragma once

#include <memory>
#include <string>

#include "aws/environment.h"
#include "aws/http.h"
#include "base/loop.h"

namespace athanor::aws {

struct CurlOptions {
  std::size_t inFlight = 128;  ///< requests under way at once; more wait their turn
  std::string caBundle = {};   ///< a PEM file; "" = what the environment names, else the system's
};

/// HTTP over libcurl, driven by the loop's sockets and timers: connections are kept and reused. It reads
/// AWS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE, http_proxy, https_proxy, all_proxy and no_proxy from the
/// environment it is given; loopback addresses are never asked for through a proxy. libcurl is initialised
/// at the first request. The loop outlives the client; requests under way when it ends never settle.
class CurlClient final : public HttpClient {
 public:
  CurlClient(SystemLoop& loop, const Environment& environment, CurlOptions options = {});
  ~CurlClient() override;
  Task<HttpResponse> send(HttpRequest request) override;

 private:
  class Multi;
  std::unique_ptr<Multi> multi_;
};

}  // namespace athanor::aws
