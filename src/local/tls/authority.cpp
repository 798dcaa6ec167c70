#include "local/tls/authority.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "local/private_file.h"

namespace athanor::local::tls {

namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr days authorityLife(3650), authorityRenewal(90);
constexpr days serverLife(397), serverRenewal(30);  // 398 days is the most that browsers take

/// OpenSSL's objects, freed with what holds them.
template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Document = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION, X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;

Error broken(const std::string& what) {
  return Error(ErrorCode::state, what).next("Delete the folder; it is made anew, and must be trusted again.");
}

template <class T>
T must(T made, const char* what) {
  if (!made) throw Error(ErrorCode::internal, fmt::format("OpenSSL cannot {}", what));
  return made;
}

Key newKey() { return must(Key(EVP_EC_gen("P-256")), "make a key"); }

template <class Write>
std::string pem(Write write) {
  const Memory out(BIO_new(BIO_s_mem()));
  must(write(out.get()) == 1, "write PEM");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}
std::string text(EVP_PKEY* key) {
  return pem(
      [&](BIO* out) { return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
}
std::string text(X509* document) {
  return pem([&](BIO* out) { return PEM_write_bio_X509(out, document); });
}

Memory reading(const std::string& bytes) {
  return must(Memory(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))), "read PEM");
}

Time endOf(const X509* document) {
  std::tm end{};
  must(ASN1_TIME_to_tm(X509_get0_notAfter(document), &end) == 1, "read a certificate's end");
  return std::chrono::system_clock::from_time_t(::timegm(&end));
}

void extend(X509* document, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, document, nullptr, nullptr, 0);
  const Extension made(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  must(made && X509_add_ext(document, made.get(), -1) == 1, "add to a certificate");
}

void nameIt(X509_NAME* name, const std::string& commonName) {
  const auto add = [&](const char* field, const std::string& value) {
    must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1,
         "name a certificate");
  };
  add("O", "Athanor");
  add("CN", commonName);
}

/// A certificate without extensions and signature, good from yesterday, for clocks that differ.
Document started(EVP_PKEY* key, Time now, Time end) {
  auto out = must(Document(X509_new()), "make a certificate");
  std::array<unsigned char, 16> serial{};
  must(RAND_bytes(serial.data(), serial.size()) == 1, "make random numbers");
  serial[0] = (serial[0] & 0x7FU) | 0x40U;  // positive, and of full length
  const std::unique_ptr<BIGNUM, Freed<BIGNUM, BN_free>> number(
      BN_bin2bn(serial.data(), serial.size(), nullptr));
  must(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(out.get())) != nullptr,
       "number a certificate");
  X509_set_version(out.get(), X509_VERSION_3);
  const auto at = [](Time time) { return std::chrono::system_clock::to_time_t(time); };
  ASN1_TIME_set(X509_getm_notBefore(out.get()), at(now - days(1)));
  ASN1_TIME_set(X509_getm_notAfter(out.get()), at(end));
  must(X509_set_pubkey(out.get(), key) == 1, "make a certificate");
  return out;
}

std::string digest(X509* document) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  must(X509_digest(document, EVP_sha256(), bytes.data(), &size) == 1, "hash a certificate");
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{}{:02X}", i == 0 ? "" : ":", bytes[i]);
  return out;
}

/// Names that differ from folder to folder, so that a trust store can tell them apart.
std::string ownName(EVP_PKEY* key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  unsigned char* der = nullptr;
  const int length = must(i2d_PUBKEY(key, &der), "encode a key");
  EVP_Digest(der, static_cast<std::size_t>(length), bytes.data(), &size, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  return fmt::format("Athanor local AWS {:02x}{:02x}{:02x}{:02x}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

Document selfSigned(EVP_PKEY* key, Time now) {
  auto out = started(key, now, now + authorityLife);
  nameIt(X509_get_subject_name(out.get()), ownName(key));
  X509_set_issuer_name(out.get(), X509_get_subject_name(out.get()));
  extend(out.get(), out.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(out.get(), out.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(out.get(), out.get(), NID_subject_key_identifier, "hash");
  must(X509_sign(out.get(), key, EVP_sha256()) > 0, "sign a certificate");
  return out;
}

bool isAddress(const std::string& name) {
  const std::unique_ptr<ASN1_OCTET_STRING, Freed<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>> address(
      a2i_IPADDRESS(name.c_str()));
  return address != nullptr;
}

}  // namespace

struct Authority::Parts {
  Key key;
  Document document;
};

Authority::Authority(const fs::path& folder, Time now)
    : file_(folder / "ca.pem"), parts_(std::make_unique<Parts>()) {
  const auto keyFile = folder / "ca.key";
  const auto key = keptPrivately(keyFile, [] { return text(newKey().get()); });
  parts_->key.reset(PEM_read_bio_PrivateKey(reading(key).get(), nullptr, nullptr, nullptr));
  if (!parts_->key) throw broken(keyFile.string() + " holds no private key");
  const auto kept = keptPrivately(file_, [&] { return text(selfSigned(parts_->key.get(), now).get()); });
  parts_->document.reset(PEM_read_bio_X509(reading(kept).get(), nullptr, nullptr, nullptr));
  if (!parts_->document || X509_check_private_key(parts_->document.get(), parts_->key.get()) != 1)
    throw broken(fmt::format("{} is no certificate of {}", file_.string(), keyFile.string()));
  if (expires() - now < authorityRenewal) {
    parts_->document = selfSigned(parts_->key.get(), now);
    keepPrivately(file_, text(parts_->document.get()));
  }
  fs::permissions(file_, fs::perms::group_read | fs::perms::others_read, fs::perm_options::add);
}

Authority::~Authority() = default;

Time Authority::expires() const { return endOf(parts_->document.get()); }
std::string Authority::fingerprint() const { return digest(parts_->document.get()); }

Certificate Authority::issue(const std::vector<std::string>& names, Time now) const {
  const auto key = newKey();
  auto* issuer = parts_->document.get();
  const auto out = started(key.get(), now, std::min(now + serverLife, expires()));
  std::string all;
  for (const auto& name : names)
    all += fmt::format("{}{}:{}", all.empty() ? "" : ",", isAddress(name) ? "IP" : "DNS", name);
  nameIt(X509_get_subject_name(out.get()), names.front());
  X509_set_issuer_name(out.get(), X509_get_subject_name(issuer));
  extend(out.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  extend(out.get(), issuer, NID_key_usage, "critical,digitalSignature");
  extend(out.get(), issuer, NID_ext_key_usage, "serverAuth");
  extend(out.get(), issuer, NID_subject_key_identifier, "hash");
  extend(out.get(), issuer, NID_authority_key_identifier, "keyid:always");
  extend(out.get(), issuer, NID_subject_alt_name, all);
  must(X509_sign(out.get(), parts_->key.get(), EVP_sha256()) > 0, "sign a certificate");
  return {.chain = text(out.get()) + text(issuer), .key = text(key.get()), .expires = endOf(out.get())};
}

Certificates::Certificates(fs::path folder, std::vector<std::string> names, Sources sources,
                           std::function<void(const std::string&)> say)
    : folder_(std::move(folder)),
      names_(std::move(names)),
      sources_(std::move(sources)),
      say_(std::move(say)) {}

void Certificates::failed(const std::string& why) {
  if (say_) say_("TLS cannot be served: " + why);
  say_ = nullptr;
}

std::shared_ptr<const Certificate> Certificates::current() {
  const auto now = sources_.now();
  if (!current_ || current_->expires - now < serverRenewal)
    current_ = std::make_shared<const Certificate>(Authority(folder_, now).issue(names_, now));
  return current_;
}

}  // namespace athanor::local::tls
