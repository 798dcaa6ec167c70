#include "cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace athanor::cli {

namespace {
void writeAll(int file, std::string_view text) {
  while (!text.empty()) {
    const auto wrote = ::write(file, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

winsize sizeNow() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) size = {};
  if (size.ws_col == 0) size.ws_col = 100;
  if (size.ws_row == 0) size.ws_row = 24;
  return size;
}
}  // namespace

Console::Console(bool colour)
    : colour_(colour),
      inTerminal_(::isatty(STDIN_FILENO) == 1),
      outTerminal_(::isatty(STDOUT_FILENO) == 1),
      errTerminal_(::isatty(STDERR_FILENO) == 1),
      redraws_(false) {
  const char* kind = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): no thread has started yet
  const bool dumb = !kind || std::strcmp(kind, "dumb") == 0;
  redraws_ = outTerminal_ && !dumb;
  if (dumb) colour_ = false;
}

void Console::out(std::string_view text) const { writeAll(STDOUT_FILENO, text); }
void Console::err(std::string_view text) const { writeAll(STDERR_FILENO, text); }

void Console::json(const Json& value) const {
  out(value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Style Console::style() const { return {.colour = colour_ && outTerminal_, .width = width()}; }
Style Console::errorStyle() const { return {.colour = colour_ && errTerminal_, .width = width()}; }
std::size_t Console::width() const { return outTerminal_ ? sizeNow().ws_col : 100; }
std::size_t Console::height() const { return outTerminal_ ? sizeNow().ws_row : 24; }

std::string Console::ask(std::string_view question) const {
  out(question);
  std::string line;
  for (char c = 0;;) {
    const auto got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      out("\n");
      return "";
    }
    if (c == '\n') return line;
    line += c;
  }
}

}  // namespace athanor::cli
