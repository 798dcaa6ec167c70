#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace athanor::cli {

/// The bottom of a terminal, redrawn in place, with ordinary lines scrolling above it. Gives what is to be
/// written; it writes nothing itself.
class Screen {
 public:
  /// `lines` for the bottom, on a terminal that is `width` columns wide now. Every line is narrower than
  /// that.
  std::string draw(const std::vector<std::string>& lines, std::size_t width);
  /// Takes the bottom away, so that ordinary text can follow.
  std::string clear(std::size_t width);
  /// Takes the bottom away and shows the cursor again.
  std::string close(std::size_t width);

  /// Shows the cursor: safe to write at any moment, whatever was drawn.
  static constexpr std::string_view cursor = "\x1b[?25h";

 private:
  std::string back(std::size_t width) const;
  std::vector<std::size_t> drawn_;  ///< columns of each line on the screen
  bool hidden_ = false;
};

}  // namespace athanor::cli
