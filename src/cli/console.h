#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "cli/style.h"

namespace athanor::cli {

/// The standard streams of a command. Writing never fails: whoever stopped reading no longer wants to know.
class Console {
 public:
  /// `colour` false means never; true means where a terminal shows it.
  explicit Console(bool colour);

  void out(std::string_view text) const;
  void err(std::string_view text) const;
  /// One line of JSON on the standard output.
  void json(const Json& value) const;

  /// True where a person can be asked: standard input and output are terminals.
  bool asks() const { return inTerminal_ && outTerminal_; }
  /// True where the standard output is a terminal that can be redrawn.
  bool redraws() const { return redraws_; }

  /// How text on the standard output, or on the standard error, is to look now.
  Style style() const;
  Style errorStyle() const;
  /// Size of the terminal now; 100 × 24 where there is none.
  std::size_t width() const;
  std::size_t height() const;

  /// A line that a person types after `question`; "" at the end of the input.
  std::string ask(std::string_view question) const;

 private:
  bool colour_, inTerminal_, outTerminal_, errTerminal_, redraws_;
};

}  // namespace athanor::cli
