#include "program/typescript/excerpt.h"

#include <fmt/format.h>

#include <algorithm>

namespace athanor::program {

namespace {

constexpr std::size_t widest = 120;

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }
/// UTF-16 units of the character that begins with `byte`; 0 inside of one.
int units(char byte) {
  if (continues(byte)) return 0;
  return static_cast<unsigned char>(byte) >= 0xF0 ? 2 : 1;
}

std::string_view lineAt(std::string_view source, int number) {
  std::size_t begin = 0;
  for (int line = 1; line < number; ++line) {
    begin = source.find('\n', begin);
    if (begin == std::string_view::npos) return {};
    ++begin;
  }
  auto line = source.substr(begin, source.find('\n', begin) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// The byte of `line` at which `column` begins.
std::size_t byteOf(std::string_view line, int column) {
  int at = 1;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (at >= column && !continues(line[i])) return i;
    at += units(line[i]);
  }
  return line.size();
}

}  // namespace

SourcePlace placeOf(std::string_view source, std::size_t offset, std::string file) {
  const auto before = source.substr(0, std::min(offset, source.size()));
  const auto newline = before.rfind('\n');
  const auto line = before.substr(newline == std::string_view::npos ? 0 : newline + 1);
  int column = 1;
  for (const char byte : line) column += units(byte);
  return {std::move(file), 1 + static_cast<int>(std::ranges::count(before, '\n')), column};
}

std::string excerpt(std::string_view source, const SourcePlace& place) {
  if (place.line < 1) return "";
  std::string_view line = lineAt(source, place.line);
  if (line.find_first_not_of(" \t") == std::string_view::npos) return "";
  const auto number = std::to_string(place.line);
  if (place.column < 1) return fmt::format("{} | {}", number, line.substr(0, widest));

  std::size_t caret = byteOf(line, place.column);
  if (line.size() > widest) {
    std::size_t begin = caret > widest / 2 ? caret - widest / 2 : 0;
    while (begin > 0 && continues(line[begin])) --begin;
    line = line.substr(begin, widest);
    while (!line.empty() && continues(line.back())) line.remove_suffix(1);
    if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0) line.remove_suffix(1);
    caret -= begin;
  }
  std::string indent;
  for (const char byte : line.substr(0, std::min(caret, line.size())))
    if (!continues(byte)) indent += byte == '\t' ? '\t' : ' ';
  return fmt::format("{} | {}\n{} | {}^", number, line, std::string(number.size(), ' '), indent);
}

}  // namespace athanor::program
