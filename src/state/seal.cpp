#include "state/seal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/error.h"
#include "base/hex.h"
#include "state/files.h"

namespace athanor::state {

namespace {

constexpr std::size_t keySize = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t nonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t idSize = 8;
constexpr std::size_t headSize = 1 + idSize;
constexpr char version = 1;
static_assert(Sealer::saltSize == crypto_pwhash_SALTBYTES);

struct SodiumFree {
  void operator()(unsigned char* memory) const { sodium_free(memory); }  // wipes it
};
using Secret = std::unique_ptr<unsigned char, SodiumFree>;

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void startSodium() {
  if (sodium_init() < 0) throw Error(ErrorCode::internal, "libsodium cannot be started");
}

Secret newSecret() {
  startSodium();
  Secret secret(static_cast<unsigned char*>(sodium_malloc(keySize)));
  if (!secret) throw Error(ErrorCode::state, "no memory for the key that seals secrets");
  return secret;
}

/// Tells keys apart; says nothing about the key.
std::string idOf(const Secret& key) {
  constexpr std::string_view purpose = "athanor key id 1";
  unsigned char hash[crypto_generichash_BYTES];
  crypto_generichash(hash, sizeof hash, bytes(purpose), purpose.size(), key.get(), keySize);
  return {reinterpret_cast<const char*>(hash), idSize};
}

/// 64 MiB and about 0.1 s: libsodium's setting for a person who waits.
Secret stretched(const std::string& password, const std::string& salt) {
  auto key = newSecret();
  if (crypto_pwhash(key.get(), keySize, password.data(), password.size(), bytes(salt),
                    crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw Error(ErrorCode::state, "no memory (64 MiB) to turn ATHANOR_PASSWORD into a key");
  return key;
}

void refuseReadableByOthers(const std::filesystem::path& file) {
  struct stat about{};
  if (::stat(file.c_str(), &about) != 0) throw fileError("read", file, errno);
  if ((about.st_mode & 077) != 0)
    throw Error(ErrorCode::state,
                fmt::format("the key {} can be read by other users of this machine", file.string()))
        .next(
            fmt::format("Run `chmod 600 {}`. Where a file system knows no permissions, use ATHANOR_PASSWORD.",
                        file.string()));
}

/// None where there is no such file. The file holds the key in base64 and a line end.
Secret keyIn(const std::filesystem::path& file) {
  auto text = readAll(file);
  if (!text) return nullptr;
  refuseReadableByOthers(file);
  auto key = newSecret();
  std::size_t size = 0;
  const int failure = sodium_base642bin(key.get(), keySize, text->data(), text->size(), "\n\r ", &size,
                                        nullptr, sodium_base64_VARIANT_ORIGINAL);
  sodium_memzero(text->data(), text->size());
  if (failure != 0 || size != keySize)
    throw Error(ErrorCode::state, fmt::format("{} is not a key of Athanor's: it is damaged", file.string()))
        .next("Put a backup of it in its place.");
  return key;
}

/// A new random key in `file`, or the one that another process put there first.
Secret makeKey(const std::filesystem::path& file) {
  auto key = newSecret();
  randombytes_buf(key.get(), keySize);
  std::string text(sodium_base64_ENCODED_LEN(keySize, sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), key.get(), keySize, sodium_base64_VARIANT_ORIGINAL);
  text.back() = '\n';  // was the terminating zero
  auto [temporary, name] = newBeside(file);
  writeAll(temporary, text, name);
  sodium_memzero(text.data(), text.size());
  return publish(name, file) ? std::move(key) : keyIn(file);
}

}  // namespace

struct Sealer::Impl {
  Key source;
  std::string salt;
  std::optional<KeyMark> mark;
  Secret key;
  std::string id;  ///< of `key`

  KeyMark::Kind kind() const {
    if (mark) return mark->kind;
    return source.password.empty() ? KeyMark::Kind::file : KeyMark::Kind::password;
  }

  /// False where the key is not at hand.
  bool load(bool make) {
    if (key) return true;
    Secret found;
    if (kind() == KeyMark::Kind::password) {
      if (!source.password.empty()) found = stretched(source.password, salt);
    } else {
      found = keyIn(source.file);
      if (!found && make && !mark) found = makeKey(source.file);
    }
    if (!found) return false;
    const auto foundId = idOf(found);
    if (mark && mark->id != hex(foundId)) throw otherKey();
    key = std::move(found);
    id = foundId;
    return true;
  }

  Error otherKey() const {
    constexpr auto next =
        "Use the one it was sealed with. With no key at all, what is not secret can still be read, and "
        "`athanor destroy` works.";
    if (kind() == KeyMark::Kind::password)
      return Error(ErrorCode::state, "ATHANOR_PASSWORD is not the password this state was sealed with")
          .next(next);
    return Error(ErrorCode::state,
                 fmt::format("{} is not the key this state was sealed with", source.file.string()))
        .next(next);
  }

  Error noKey() const {
    if (kind() == KeyMark::Kind::password)
      return Error(ErrorCode::state, "this state is sealed with a password, and ATHANOR_PASSWORD is not set")
          .next("Set ATHANOR_PASSWORD to the password of the first deployment.");
    return Error(ErrorCode::state,
                 fmt::format("this state is sealed with the key {}, which is missing", source.file.string()))
        .next(
            "Put it back, from a backup or from the machine of the first deployment. Without it, `athanor "
            "destroy` still works.");
  }
};

Sealer::Sealer(Key source, std::string salt, std::optional<KeyMark> mark) : impl_(std::make_unique<Impl>()) {
  if (salt.size() != saltSize) throw Error(ErrorCode::state, "the state's salt is damaged");
  impl_->source = std::move(source);
  impl_->salt = std::move(salt);
  impl_->mark = std::move(mark);
}

Sealer::~Sealer() { sodium_memzero(impl_->source.password.data(), impl_->source.password.size()); }

bool Sealer::ready() { return impl_->load(true); }
const std::optional<KeyMark>& Sealer::mark() const { return impl_->mark; }

std::string Sealer::seal(std::string_view plain) {
  if (!ready()) throw impl_->noKey();
  std::string sealed(headSize + nonceSize + plain.size() + tagSize, '\0');
  sealed[0] = version;
  impl_->id.copy(sealed.data() + 1, idSize);
  auto* nonce = bytes(sealed) + headSize;
  randombytes_buf(nonce, nonceSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonceSize, nullptr, bytes(plain), plain.size(),
                                             bytes(sealed), headSize, nullptr, nonce, impl_->key.get());
  if (!impl_->mark) impl_->mark = KeyMark{impl_->kind(), hex(impl_->id)};
  return sealed;
}

std::optional<std::string> Sealer::open(std::string_view sealed) {
  const auto damaged = [] {
    return Error(ErrorCode::state, "a sealed value is damaged: it is not as it was written")
        .next("Restore the state from a backup.");
  };
  if (sealed.empty()) throw damaged();
  if (sealed[0] > version)
    throw Error(ErrorCode::state, "a value was sealed by a newer Athanor").next("Install a newer athanor.");
  if (sealed[0] != version || sealed.size() < headSize + nonceSize + tagSize) throw damaged();
  if (!impl_->load(false)) return {};
  if (sealed.substr(1, idSize) != impl_->id) throw impl_->otherKey();
  const auto* nonce = bytes(sealed) + headSize;
  std::string plain(sealed.size() - headSize - nonceSize - tagSize, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(plain), nullptr, nullptr, nonce + nonceSize,
                                                 plain.size() + tagSize, bytes(sealed), headSize, nonce,
                                                 impl_->key.get()) != 0)
    throw damaged();
  return plain;
}

std::string Sealer::newSalt() {
  startSodium();
  std::string salt(saltSize, '\0');
  randombytes_buf(salt.data(), salt.size());
  return salt;
}

}  // namespace athanor::state
