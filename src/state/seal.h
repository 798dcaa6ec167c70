#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace athanor::state {

/// Where the key comes from that sealed values are sealed with.
struct Key {
  std::filesystem::path
      file;              ///< `.athanor/key`; made when something is first sealed and there is no password
  std::string password;  ///< `ATHANOR_PASSWORD`; "" = none
};

/// What a state says about its key: enough to know it again, of no use without it.
struct KeyMark {
  enum class Kind : std::uint8_t { file, password };
  Kind kind = Kind::file;
  std::string id;  ///< 16 hexadecimal digits
  bool operator==(const KeyMark&) const = default;
};

/// Seals and opens with the key of one state. The key is looked for (and a password stretched, which takes
/// tens of milliseconds and 64 MiB) when it is first needed, and wiped at the end.
class Sealer {
 public:
  /// `salt` (saltSize bytes) belongs to the state; `mark` is what it recorded when it was first sealed: from
  /// then on only that key will do.
  Sealer(Key source, std::string salt, std::optional<KeyMark> mark);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  /// Version 1: a byte 1, the key's id (8 bytes), a nonce (24), then XChaCha20-Poly1305 of `plain`, with what
  /// stands before it authenticated. Makes the key file where the state was never sealed. Throws Error(state)
  /// without the key, or with another than the state's.
  std::string seal(std::string_view plain);
  /// None without the key. Throws Error(state) when the key is another, or `sealed` is damaged or newer.
  std::optional<std::string> open(std::string_view sealed);
  /// False where the state is sealed and its key is not at hand.
  bool ready();
  /// The key's mark, to be recorded in the transaction of the first sealed value; none before that.
  const std::optional<KeyMark>& mark() const;

  static constexpr std::size_t saltSize = 16;
  static std::string newSalt();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace athanor::state
