#include "schema/zip.h"

#include <zlib.h>

#include <cstdint>

#include "base/error.h"

namespace athanor::schema {

namespace {
constexpr std::uint32_t localMagic = 0x04034b50, centralMagic = 0x02014b50, endMagic = 0x06054b50;
constexpr std::size_t localBytes = 30, centralBytes = 46, endBytes = 22, longestComment = 0xffff;
constexpr std::uint64_t mostEntryBytes = 16 << 20, mostBytes = 512 << 20;

struct Entry {
  std::string name;
  std::uint32_t flags, method, crc, packed, size, offset;
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& origin) : bytes_(bytes), origin_(origin) {}

  std::uint32_t number(std::uint64_t offset, int width) const {
    const auto from = slice(offset, static_cast<std::uint64_t>(width));
    std::uint32_t value = 0;
    for (int i = width - 1; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(from[i]);
    return value;
  }

  std::string_view slice(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) broken("it breaks off");
    return bytes_.substr(offset, size);
  }

  [[noreturn]] void broken(const std::string& why) const {
    throw Error(ErrorCode::usage, origin_ + " cannot be read as a zip: " + why);
  }

  /// Where the record stands that ends a zip, before a comment.
  std::uint64_t end() const {
    if (bytes_.size() < endBytes) broken("it is too short");
    const auto last = bytes_.size() - endBytes;
    for (std::uint64_t back = 0; back <= longestComment && back <= last; ++back)
      if (number(last - back, 4) == endMagic) return last - back;
    broken("it has no list of contents");
  }

  Entry entry(std::uint64_t& at) const {
    if (number(at, 4) != centralMagic) broken("its list of contents is damaged");
    Entry out{.name = std::string(slice(at + centralBytes, number(at + 28, 2))),
              .flags = number(at + 8, 2),
              .method = number(at + 10, 2),
              .crc = number(at + 16, 4),
              .packed = number(at + 20, 4),
              .size = number(at + 24, 4),
              .offset = number(at + 42, 4)};
    at += centralBytes + out.name.size() + number(at + 30, 2) + number(at + 32, 2);
    return out;
  }

  std::string contents(const Entry& entry) const {
    if (entry.flags & 1) broken(entry.name + " is encrypted");
    if (entry.size > mostEntryBytes) broken(entry.name + " is larger than 16 MiB");
    if (number(entry.offset, 4) != localMagic) broken(entry.name + " is damaged");
    const auto start = std::uint64_t{entry.offset} + localBytes +
                       number(entry.offset + std::uint64_t{26}, 2) +
                       number(entry.offset + std::uint64_t{28}, 2);
    const auto packed = slice(start, entry.packed);
    auto out = entry.method == 0 ? std::string(packed)
               : entry.method == 8
                   ? inflated(packed, entry)
                   : (broken(entry.name + " is packed in a way that is not known"), std::string());
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size()));
    if (out.size() != entry.size || crc != entry.crc) broken(entry.name + " is damaged");
    return out;
  }

 private:
  std::string inflated(std::string_view packed, const Entry& entry) const {
    std::string out(entry.size, '\0');
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) broken("zlib is out of memory");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    Bytef none = 0;
    stream.next_out = out.empty() ? &none : reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const auto result = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    if (result != Z_STREAM_END) broken(entry.name + " is damaged");
    return out;
  }

  std::string_view bytes_;
  const std::string& origin_;
};
}  // namespace

void readZip(std::string_view bytes, const std::string& origin,
             const std::function<bool(const std::string& name)>& wanted,
             const std::function<void(const std::string& name, const std::string& contents)>& take) {
  const Reader reader(bytes, origin);
  const auto end = reader.end();
  const auto count = reader.number(end + 10, 2);
  std::uint64_t at = reader.number(end + 16, 4);
  if (count == 0xffff || at == 0xffffffff) reader.broken("it is in the zip64 format");
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto entry = reader.entry(at);
    if (!wanted(entry.name)) continue;
    total += entry.size;
    if (total > mostBytes) reader.broken("its contents are larger than 512 MiB");
    take(entry.name, reader.contents(entry));
  }
}

}  // namespace athanor::schema
