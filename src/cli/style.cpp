#include "cli/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace athanor::cli {

namespace {
constexpr char escape = '\x1b';

const char* codeOf(Ink ink) {
  switch (ink) {
    case Ink::create:
      return "32";
    case Ink::update:
      return "33";
    case Ink::replace:
      return "35";
    case Ink::remove:
      return "31";
    case Ink::adopt:
      return "36";
    case Ink::failure:
      return "1;31";
    case Ink::strong:
      return "1";
    case Ink::faint:
      return "2";
  }
  return "0";
}

/// One character of UTF-8, or one escape sequence.
struct Glyph {
  std::string_view bytes;
  std::size_t columns = 0;
};

struct Range {
  char32_t first, last;
};
// Unicode's combining marks and joiners, and its wide and emoji blocks (UAX #11), by block.
constexpr std::array<Range, 6> narrowest = {{{0x0300, 0x036f},
                                             {0x200b, 0x200f},
                                             {0x20d0, 0x20ff},
                                             {0xfe00, 0xfe0f},
                                             {0xfe20, 0xfe2f},
                                             {0xfeff, 0xfeff}}};
constexpr std::array<Range, 9> wide = {{{0x1100, 0x115f},
                                        {0x2e80, 0x303e},
                                        {0x3041, 0xa4cf},
                                        {0xac00, 0xd7a3},
                                        {0xf900, 0xfaff},
                                        {0xfe30, 0xfe4f},
                                        {0xff00, 0xff60},
                                        {0x1f300, 0x1faff},
                                        {0x20000, 0x3fffd}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t point) {
  return std::ranges::any_of(ranges,
                             [&](const Range& range) { return point >= range.first && point <= range.last; });
}

std::size_t lengthOf(unsigned char lead) {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

Glyph next(std::string_view text) {
  if (text[0] == escape) {
    const auto end = text.find('m');
    return {text.substr(0, end == std::string_view::npos ? text.size() : end + 1), 0};
  }
  const auto bytes = text.substr(0, lengthOf(static_cast<unsigned char>(text[0])));
  if (bytes.size() == 1) return {bytes, 1};
  char32_t point = static_cast<unsigned char>(bytes[0]) & (0xffU >> (bytes.size() + 1));
  for (const char byte : bytes.substr(1)) point = point << 6 | (static_cast<unsigned char>(byte) & 0x3fU);
  if (within(narrowest, point)) return {bytes, 0};
  return {bytes, within(wide, point) ? 2U : 1U};
}
}  // namespace

std::string paint(const Style& style, Ink ink, std::string_view text) {
  if (!style.colour || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", codeOf(ink), text);
}

std::size_t columns(std::string_view text) {
  std::size_t total = 0;
  while (!text.empty()) {
    const auto glyph = next(text);
    total += glyph.columns;
    text.remove_prefix(glyph.bytes.size());
  }
  return total;
}

std::string clip(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::string out;
  std::size_t used = 0;
  bool coloured = false;
  while (!text.empty()) {
    const auto glyph = next(text);
    if (used + glyph.columns > width - 1) break;
    if (glyph.bytes[0] == escape) coloured = glyph.bytes != "\x1b[0m";
    out += glyph.bytes;
    used += glyph.columns;
    text.remove_prefix(glyph.bytes.size());
  }
  return out + "…" + (coloured ? "\x1b[0m" : "");
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    // C1 controls are two bytes in UTF-8: C2 80 … C2 9F.
    const bool c1 = byte == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
    if (byte == '\t') {
      out += "  ";
    } else if (byte == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
      continue;
    } else if (c1 || byte == 0x7f || (byte < 0x20 && byte != '\n')) {
      out += "\xef\xbf\xbd";
      if (c1) ++at;
    } else {
      out += static_cast<char>(byte);
    }
  }
  return out;
}

std::vector<std::string> linesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string indent(std::string_view text, std::string_view margin) {
  std::string out;
  for (const auto& line : linesOf(text)) out += line.empty() ? "\n" : fmt::format("{}{}\n", margin, line);
  return out;
}

std::string count(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace athanor::cli
