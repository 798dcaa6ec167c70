#pragma once

#include <curl/curl.h>

#include <exception>
#include <memory>
#include <string>
#include <variant>

#include "aws/environment.h"
#include "aws/http.h"

/// One exchange over libcurl: of use to CurlClient only.
namespace athanor::aws::curl {

/// What the environment says of proxies and trust.
struct Settings {
  std::string httpProxy, httpsProxy, noProxy;
  std::string caBundle;      ///< "" = the system's
  std::string caBundleFrom;  ///< the variable that named it, for messages
};
Settings settings(const Environment& environment, const std::string& caBundle);

/// An easy handle and what it needs to live while libcurl uses it. Used again for one exchange after another.
class Transfer {
 public:
  Transfer();
  CURL* handle() const { return handle_.get(); }
  void prepare(HttpRequest request, const Settings& settings);
  /// To be called while the handle still belongs to the multi handle.
  void conclude(CURLcode result);
  /// The response, or the error, of what was concluded.
  std::variant<HttpResponse, std::exception_ptr> take() { return std::move(outcome_); }

 private:
  struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* self);
  bool maybeSent(CURLcode result) const;
  Error failure(CURLcode result) const;

  std::unique_ptr<CURL, Free> handle_;
  std::unique_ptr<curl_slist, Free> headers_;
  HttpRequest request_;
  HttpResponse response_;
  Settings settings_;
  std::string proxy_;
  std::string reason_;  ///< CURLOPT_ERRORBUFFER's
  std::variant<HttpResponse, std::exception_ptr> outcome_;
};

}  // namespace athanor::aws::curl
