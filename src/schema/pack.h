#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace athanor::schema {

/// Many type schemas in one block of bytes, each compressed on its own, so that one is read without the rest.
/// Layout in docs/schemas.md. A Pack is a view: whoever makes one keeps the bytes.
class Pack {
 public:
  Pack() = default;
  /// Throws Error(state) that names `origin` where the bytes are no pack.
  Pack(std::string_view bytes, std::string origin);

  std::size_t size() const { return count_; }
  /// The name at a place; they are sorted without regard to case.
  std::string_view name(std::size_t index) const;
  /// Where the type of that name, in any casing, stands.
  std::optional<std::size_t> find(std::string_view name) const;

  /// What is kept of a type.
  enum class Part : std::uint8_t { schema, overlay, documentation };
  /// Null where the type has no such part; throws Error(state) where it is damaged.
  Json read(std::size_t index, Part part) const;

 private:
  std::string_view slice(std::uint64_t offset, std::uint64_t size) const;
  std::uint32_t word(std::size_t offset) const;
  [[noreturn]] void damaged() const;

  std::string_view bytes_;
  std::string origin_;
  std::size_t count_ = 0;
};

/// A type to be packed. `overlay` is null but in the embedded pack.
struct Packable {
  std::string name;
  Json schema;
  Json documentation;
};

/// The bytes of a pack of these types.
std::string pack(std::vector<Packable> types);

}  // namespace athanor::schema
