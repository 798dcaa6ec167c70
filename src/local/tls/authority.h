#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "local/sources.h"

namespace athanor::local::tls {

/// What a server shows its clients, in PEM.
struct Certificate {
  std::string chain;  ///< its own, then the authority's
  std::string key;
  Time expires;
};

/// A certificate authority of this data folder's own: `tls/ca.pem`, for clients to trust, and `tls/ca.key`,
/// for its owner only. Whoever trusts it trusts whoever can read the key.
class Authority {
 public:
  /// Makes it where it is missing, and a new certificate for the same key where the old one has less than 90
  /// days left of its ten years. Throws Error(state).
  Authority(const std::filesystem::path& folder, Time now);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  const std::filesystem::path& file() const { return file_; }  ///< ca.pem
  Time expires() const;
  /// SHA-256 of the certificate, as browsers show it: "AB:CD:…".
  std::string fingerprint() const;
  /// A certificate for a server of these names and IP addresses, with a key of its own.
  Certificate issue(const std::vector<std::string>& names, Time now) const;

 private:
  struct Parts;
  std::filesystem::path file_;
  std::unique_ptr<Parts> parts_;
};

/// The certificate that a server shows: made when first needed, renewed when less than 30 days are left.
class Certificates {
 public:
  /// `say` hears why there is none, once.
  Certificates(std::filesystem::path folder, std::vector<std::string> names, Sources sources,
               std::function<void(const std::string&)> say = nullptr);

  /// The same object until it is renewed. Throws Error(state) where it cannot be made.
  std::shared_ptr<const Certificate> current();
  /// To be called with why a client got none.
  void failed(const std::string& why);

 private:
  std::filesystem::path folder_;
  std::vector<std::string> names_;
  Sources sources_;
  std::function<void(const std::string&)> say_;
  std::shared_ptr<const Certificate> current_;
};

}  // namespace athanor::local::tls
