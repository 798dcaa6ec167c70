#include "schema/pack.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "schema/names.h"

namespace athanor::schema {

namespace {
constexpr std::string_view magic = "athcat1\n";
constexpr std::size_t headBytes = 12;
constexpr std::size_t entryBytes = 44;  // name: offset, size; three parts: offset, packed size, size
constexpr std::size_t mostBytes = 64 << 20;

std::vector<std::uint8_t> unpacked(std::string_view bytes, std::size_t size) {
  std::vector<std::uint8_t> out(size);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0;
  inflateEnd(&stream);
  if (!whole) out.clear();
  return out;
}

std::string packed(const std::vector<std::uint8_t>& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error(ErrorCode::internal, "zlib cannot compress: out of memory");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void putWord(std::string& out, std::size_t offset, std::size_t value) {
  for (int i = 0; i < 4; ++i) out[offset + i] = static_cast<char>(value >> (8 * i) & 0xff);
}
}  // namespace

Pack::Pack(std::string_view bytes, std::string origin) : bytes_(bytes), origin_(std::move(origin)) {
  if (!bytes_.starts_with(magic) || bytes_.size() < headBytes)
    throw Error(ErrorCode::state, origin_ + " is not a file of schemas that this version reads")
        .next("Import the schemas again: athanor schema import DIR");
  count_ = word(magic.size());
  if (headBytes + std::uint64_t{count_} * entryBytes > bytes_.size()) damaged();
}

void Pack::damaged() const {
  throw Error(ErrorCode::state, origin_ + " is damaged")
      .next("Import the schemas again: athanor schema import DIR");
}

std::string_view Pack::slice(std::uint64_t offset, std::uint64_t size) const {
  if (offset + size > bytes_.size()) damaged();
  return bytes_.substr(offset, size);
}

std::uint32_t Pack::word(std::size_t offset) const {
  const auto bytes = slice(offset, 4);
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::string_view Pack::name(std::size_t index) const {
  const auto entry = headBytes + index * entryBytes;
  return slice(word(entry), word(entry + 4));
}

std::optional<std::size_t> Pack::find(std::string_view wanted) const {
  std::size_t low = 0, high = count_;
  while (low < high) {
    const auto middle = (low + high) / 2;
    const auto order = compareLoosely(name(middle), wanted);
    if (order == 0) return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return {};
}

Json Pack::read(std::size_t index, Part part) const {
  const auto entry = headBytes + index * entryBytes + 8 + static_cast<std::size_t>(part) * 12;
  const auto size = word(entry + 8);
  if (size == 0) return nullptr;
  if (size > mostBytes) damaged();
  const auto bytes = unpacked(slice(word(entry), word(entry + 4)), size);
  auto value = Json::from_cbor(bytes, true, false);
  if (value.is_discarded()) damaged();
  return value;
}

std::string pack(std::vector<Packable> types) {
  std::ranges::sort(types, [](const auto& a, const auto& b) { return compareLoosely(a.name, b.name) < 0; });
  std::string out(headBytes + types.size() * entryBytes, '\0');
  out.replace(0, magic.size(), magic);
  putWord(out, magic.size(), types.size());
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto entry = headBytes + i * entryBytes;
    putWord(out, entry, out.size());
    putWord(out, entry + 4, types[i].name.size());
    out += types[i].name;
    const std::array<const Json*, 3> parts{&types[i].schema, nullptr, &types[i].documentation};
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (!parts[part] || parts[part]->is_null()) continue;
      const auto raw = Json::to_cbor(*parts[part]);
      const auto small = packed(raw);
      putWord(out, entry + 8 + part * 12, out.size());
      putWord(out, entry + 12 + part * 12, small.size());
      putWord(out, entry + 16 + part * 12, raw.size());
      out += small;
    }
  }
  return out;
}

}  // namespace athanor::schema
