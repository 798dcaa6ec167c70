#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace athanor::cli {

/// How text is to look where it will be shown.
struct Style {
  bool colour = false;
  std::size_t width = 100;  ///< columns
};

enum class Ink : std::uint8_t { create, update, replace, remove, adopt, failure, strong, faint };

/// `text` in a colour, or as it is where the style has none. Empty text stays empty.
std::string paint(const Style& style, Ink ink, std::string_view text);

/// Columns that UTF-8 text takes on a terminal. Escape sequences of paint() take none.
std::size_t columns(std::string_view text);

/// The beginning of `text`, ending in "…" where it had to be cut to fit `width` columns. Colours are closed.
std::string clip(std::string_view text, std::size_t width);

/// Text from outside without what would move a cursor or change a terminal's mode: control characters but for
/// line ends become "�", tabs two spaces.
std::string printable(std::string_view text);

/// The lines of `text`, without their ends; a last empty one is left out.
std::vector<std::string> linesOf(std::string_view text);

/// Every line of `text` behind `margin`, each ended.
std::string indent(std::string_view text, std::string_view margin);

/// "1 resource", "2 resources".
std::string count(std::size_t number, std::string_view noun);

}  // namespace athanor::cli
