#include "schema/pattern.h"

#define BOOST_REGEX_STANDALONE
#include <boost/regex.hpp>

#include "schema/characters.h"

namespace athanor::schema {

namespace {
constexpr std::size_t longest = 16384;

/// Reads on behalf of translate(): ECMA-262's grammar where it differs from Boost's.
class Translator {
 public:
  explicit Translator(const std::wstring& source) : in_(source) {}

  std::wstring run() {
    while (at_ < in_.size()) {
      if (in_[at_] == L'\\')
        escape();
      else if (in_[at_] == L'[')
        characterClass();
      else
        out_ += in_[at_++];
    }
    return std::move(out_);
  }

 private:
  /// One escape; \uXXXX becomes Boost's \x{XXXX}. True where it stands for more than one character (\w).
  bool escape() {
    const wchar_t kind = at_ + 1 < in_.size() ? in_[at_ + 1] : L'\0';
    if (kind == L'u' && at_ + 5 < in_.size()) {
      out_ += L"\\x{" + in_.substr(at_ + 2, 4) + L"}";
      at_ += 6;
      return false;
    }
    out_ += in_.substr(at_, 2);
    at_ += 2;
    if ((kind == L'p' || kind == L'P') && at_ < in_.size() && in_[at_] == L'{')
      while (at_ < in_.size() && out_.back() != L'}') out_ += in_[at_++];
    return std::wstring_view(L"wWdDsSpP").find(kind) != std::wstring_view::npos;
  }

  /// A hyphen that cannot be a range's (after a range, a class such as \w, or first or last) is escaped, and
  /// so is "[", which begins a POSIX class in Boost.
  void characterClass() {
    out_ += in_[at_++];
    if (at_ < in_.size() && in_[at_] == L'^') out_ += in_[at_++];
    bool mayBegin = false;  // the last item can begin a range
    bool range = false;     // a range is begun, and waits for its end
    while (at_ < in_.size() && in_[at_] != L']') {
      const wchar_t c = in_[at_];
      if (c == L'-' && !range) {
        const bool last = at_ + 1 < in_.size() && in_[at_ + 1] == L']';
        const bool beforeClass = at_ + 2 < in_.size() && in_[at_ + 1] == L'\\' &&
                                 std::wstring_view(L"wWdDsSpP").find(in_[at_ + 2]) != std::wstring_view::npos;
        if (mayBegin && !last && !beforeClass) {
          range = true;
          mayBegin = false;
          out_ += L'-';
        } else {
          out_ += L"\\-";
          mayBegin = !mayBegin && !last;
        }
        ++at_;
        continue;
      }
      bool many = false;
      if (c == L'\\') {
        many = escape();
      } else {
        if (c == L'[' || c == L'-') out_ += L'\\';
        out_ += in_[at_++];
      }
      mayBegin = !range && !many;
      range = false;
    }
    if (at_ < in_.size()) out_ += in_[at_++];
  }

  const std::wstring& in_;
  std::size_t at_ = 0;
  std::wstring out_;
};
}  // namespace

struct Pattern::Compiled {
  boost::basic_regex<wchar_t> expression;
};

Pattern::Pattern(std::string source) : source_(std::move(source)) {}
Pattern::~Pattern() = default;

bool Pattern::matches(std::string_view text) const {
  std::call_once(once_, [this] {
    try {
      const auto source = wide(source_);
      compiled_ = std::make_unique<Compiled>(
          boost::basic_regex<wchar_t>(Translator(source).run(), boost::regex::ECMAScript));
    } catch (const std::exception&) {
      compiled_.reset();  // AWS's own slip, or a feature of Java's expressions: it constrains nothing
    }
  });
  if (!compiled_) return true;
  const auto characters = wide(text);
  if (characters.size() > longest) return true;
  try {
    return boost::regex_search(
        characters, compiled_->expression,
        boost::match_default | boost::match_single_line | boost::match_not_dot_newline);
  } catch (const std::exception&) {
    return true;  // too many steps
  }
}

}  // namespace athanor::schema
