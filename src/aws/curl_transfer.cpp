#include "aws/curl_transfer.h"

#include <fmt/format.h>

#include "aws/text.h"
#include "aws/uri.h"

namespace athanor::aws::curl {

Settings settings(const Environment& environment, const std::string& caBundle) {
  Settings out;
  const auto all = environment.first({"all_proxy", "ALL_PROXY"});
  out.httpProxy = environment.first({"http_proxy", "HTTP_PROXY"});
  out.httpsProxy = environment.first({"https_proxy", "HTTPS_PROXY"});
  if (out.httpProxy.empty()) out.httpProxy = all;
  if (out.httpsProxy.empty()) out.httpsProxy = all;
  out.noProxy = environment.first({"no_proxy", "NO_PROXY"});
  out.caBundle = environment.expand(caBundle);
  out.caBundleFrom = "ca_bundle";
  for (const char* name : {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (!out.caBundle.empty()) break;
    out.caBundle = environment.expand(environment.get(name));
    out.caBundleFrom = name;
  }
  return out;
}

Transfer::Transfer() : handle_(curl_easy_init()), reason_(CURL_ERROR_SIZE, '\0') {
  if (!handle_) throw Error(ErrorCode::internal, "cannot start the HTTP client");
}

void Transfer::prepare(HttpRequest request, const Settings& settings) {
  request_ = std::move(request);
  response_ = {};
  settings_ = settings;
  reason_.assign(CURL_ERROR_SIZE, '\0');
  auto* handle = handle_.get();
  curl_easy_reset(handle);

  headers_.reset();
  auto add = [&](const std::string& line) {
    auto* list = curl_slist_append(headers_.get(), line.c_str());
    if (!headers_) headers_.reset(list);
  };
  for (const auto& [key, value] : request_.headers) add(value.empty() ? key + ";" : key + ": " + value);
  add("Expect:");  // no waiting for "100 Continue"
  if (header(request_.headers, "accept").empty()) add("Accept:");
  const auto uri = parseUri(request_.url);
  proxy_ = !uri || uri->loopback() ? "" : uri->scheme == "https" ? settings.httpsProxy : settings.httpProxy;

  const auto milliseconds = [](std::chrono::milliseconds time) { return static_cast<long>(time.count()); };
  curl_easy_setopt(handle, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);  // what was signed is what is asked for
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers_.get());
  if (request_.method == "HEAD") curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  if (!request_.body.empty() || request_.method == "POST") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request_.connectTimeout));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds(request_.timeout));
  curl_easy_setopt(handle, CURLOPT_PROXY, proxy_.c_str());
  curl_easy_setopt(handle, CURLOPT_NOPROXY, settings_.noProxy.c_str());
  if (!settings_.caBundle.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings_.caBundle.c_str());
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, reason_.data());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::onBody);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Transfer::onHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
}

std::size_t Transfer::onBody(char* data, std::size_t size, std::size_t count, void* self) {
  static_cast<Transfer*>(self)->response_.body.append(data, size * count);
  return size * count;
}

std::size_t Transfer::onHeader(char* data, std::size_t size, std::size_t count, void* self) {
  auto& headers = static_cast<Transfer*>(self)->response_.headers;
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/"))
    headers.clear();  // an answer before the answer: 100, or the proxy's to CONNECT
  else if (const auto colon = line.find(':'); colon != std::string_view::npos)
    headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
  return line.size();
}

void Transfer::conclude(CURLcode result) {
  if (result != CURLE_OK) {
    outcome_ = std::make_exception_ptr(Unreachable(failure(result), maybeSent(result)));
    return;
  }
  long status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  outcome_ = std::move(response_);
}

bool Transfer::maybeSent(CURLcode result) const {
  switch (result) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION:
      return false;
    default:
      break;
  }
  // Time to PRETRANSFER is known once the connection stood and the request was about to go out.
  curl_off_t microseconds = 0;
  curl_easy_getinfo(handle(), CURLINFO_PRETRANSFER_TIME_T, &microseconds);
  return microseconds > 0;
}

Error Transfer::failure(CURLcode result) const {
  const std::string reason = reason_[0] ? std::string(reason_.c_str()) : curl_easy_strerror(result);
  const auto via = proxy_.empty() ? "" : " through the proxy " + proxy_;
  const auto uri = parseUri(request_.url);
  const auto where = uri ? uri->scheme + "://" + uri->authority : request_.url;
  std::string hint;
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      hint = "Check the region's name, the endpoint and this machine's name resolution.";
      break;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      hint = "Check http_proxy, https_proxy and no_proxy.";
      break;
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION:
      hint = settings_.caBundle.empty()
                 ? "If a proxy or endpoint of your own signs with its own authority, name that one's "
                   "certificate in AWS_CA_BUNDLE."
                 : fmt::format("Trust comes from {} ({}); check that it holds the authority's certificate.",
                               settings_.caBundle, settings_.caBundleFrom);
      break;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      hint = "Give the endpoint as http://host:port or https://host.";
      break;
    default:
      hint = uri && uri->loopback() ? "Is it running? `athanor local` starts the AWS that runs here."
                                    : "Check the network, the endpoint and the proxy settings.";
  }
  return Error(ErrorCode::unreachable, fmt::format("no answer from {}{}: {}", where, via, reason)).next(hint);
}

}  // namespace athanor::aws::curl
