#include "recorder/ingest/rtmp/amf0.h"

#include <fmt/format.h>

#include <bit>

#include "recorder/codec/bytes.h"
#include "recorder/codec/malformed.h"

namespace athanor::recorder::rtmp {

namespace {

/// Markers of section 2.1.
enum Marker : std::uint8_t {
  number = 0,
  boolean = 1,
  string = 2,
  object = 3,
  null = 5,
  undefined = 6,
  reference = 7,
  ecmaArray = 8,
  objectEnd = 9,
  strictArray = 10,
  date = 11,
  longString = 12,
  unsupported = 13,
  xmlDocument = 15,
  typedObject = 16,
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool done() const { return bytes_.empty(); }

  Json value(int depth = 0) {
    if (depth > 16) throw Malformed("AMF values are nested deeper than 16");
    const auto marker = static_cast<std::uint8_t>(take(1)[0]);
    switch (marker) {
      case number:
        return std::bit_cast<double>(integer(8));
      case boolean:
        return take(1)[0] != 0;
      case string:
        return text(integer(2));
      case longString:
      case xmlDocument:
        return text(integer(4));
      case object:
        return members(depth);
      case typedObject:
        take(integer(2));
        return members(depth);
      case ecmaArray:
        take(4);
        return members(depth);
      case strictArray:
        return items(depth);
      case null:
      case undefined:
      case unsupported:
        return nullptr;
      case date: {
        const auto at = std::bit_cast<double>(integer(8));
        take(2);  // a time zone, which is not to be used
        return at;
      }
      case reference:
        take(2);
        return nullptr;
      default:
        throw Malformed(fmt::format("AMF 0 has no marker {}", marker));
    }
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) throw Malformed("an AMF value ends too early");
    const auto out = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return out;
  }
  std::uint64_t integer(std::size_t size) { return bigEndian(take(size)); }
  Json text(std::uint64_t size) { return std::string(take(size)); }
  Json members(int depth) {
    auto out = Json::object();
    while (true) {
      const std::string key(take(integer(2)));
      if (key.empty() && !bytes_.empty() && bytes_[0] == objectEnd) {
        take(1);
        return out;
      }
      out[key] = value(depth + 1);
    }
  }
  Json items(int depth) {
    auto out = Json::array();
    for (auto left = integer(4); left > 0; --left) out.push_back(value(depth + 1));
    return out;
  }
  std::string_view bytes_;
};

void putKey(std::string& out, std::string_view key) {
  putBigEndian(out, key.size(), 2);
  out += key;
}

}  // namespace

std::vector<Json> readAmf0(std::string_view bytes) {
  std::vector<Json> out;
  for (Reader reader(bytes); !reader.done();) out.push_back(reader.value());
  return out;
}

void writeAmf0(std::string& out, const Json& value) {
  if (value.is_boolean()) {
    out += static_cast<char>(boolean);
    out += value.get<bool>() ? '\1' : '\0';
  } else if (value.is_number()) {
    out += static_cast<char>(number);
    putBigEndian(out, std::bit_cast<std::uint64_t>(value.get<double>()), 8);
  } else if (value.is_string()) {
    out += static_cast<char>(string);
    putKey(out, value.get_ref<const std::string&>());
  } else if (value.is_object()) {
    out += static_cast<char>(object);
    for (const auto& [key, member] : value.items()) {
      putKey(out, key);
      writeAmf0(out, member);
    }
    putBigEndian(out, objectEnd, 3);
  } else {
    out += static_cast<char>(null);
  }
}

}  // namespace athanor::recorder::rtmp
