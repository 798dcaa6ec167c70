#include "cli/error_text.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "cli/plan_text.h"
#include "engine/deployment.h"

namespace athanor::cli {

namespace {

/// With the paths of files below `folder` as they are called from there.
std::string shortened(std::string text, const std::filesystem::path& folder) {
  const auto prefix = folder.string() + "/";
  if (prefix.size() < 3) return text;
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
    text.erase(at, prefix.size());
  return text;
}

/// What went wrong, with the property's path where the words do not say it.
std::string messageOf(const Error& error, const std::filesystem::path& folder) {
  std::string message = error.what();
  const auto& path = error.path();
  const auto dot = path.rfind('.');
  const bool said =
      message.contains(path) || (dot != std::string::npos && message.contains(path.substr(0, dot)) &&
                                 message.contains(path.substr(dot + 1)));
  if (!said) message.insert(0, path + ": ");
  return printable(shortened(std::move(message), folder));
}

/// What stands below the message: detail, then what to do next.
std::string belowText(const Error& error, const Style& style, const std::filesystem::path& folder,
                      std::string_view margin) {
  std::string out;
  for (const auto& line : linesOf(printable(shortened(error.detail(), folder))))
    out += indent(paint(style, Ink::faint, line) + "\n", margin);
  if (!error.hint().empty())
    out += indent(paint(style, Ink::adopt, "next: ") + printable(shortened(error.hint(), folder)), margin);
  return out;
}

std::string oneError(const Error& error, const Style& style, const std::filesystem::path& folder) {
  auto out = paint(style, Ink::failure, "error: ") + messageOf(error, folder) + "\n";
  auto where = printable(placeText(error.place(), folder));
  const auto id = printable(error.resource());
  if (!id.empty()) where += (where.empty() ? "" : "  ") + id;
  return out + indent(where, "  ") + belowText(error, style, folder, "  ");
}

std::string placeInFile(const SourcePlace& place) {
  if (place.line == 0) return "";
  return place.column == 0 ? fmt::format("{}", place.line) : fmt::format("{}:{}", place.line, place.column);
}

/// Where the declaration stands and what it is called.
std::string headOf(const Error& mistake, const Style& style) {
  auto head = placeInFile(mistake.place());
  const auto id = printable(mistake.resource());
  if (!id.empty()) head += (head.empty() ? "" : "  ") + paint(style, Ink::strong, id);
  return head;
}

std::string allMistakes(const engine::InvalidProgram& invalid, const Style& style,
                        const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, std::vector<const Error*>>> files;
  for (const auto& mistake : invalid.mistakes()) {
    const auto& file = mistake.place().file;
    auto found = std::ranges::find(files, file, &decltype(files)::value_type::first);
    if (found == files.end()) found = files.insert(files.end(), {file, {}});
    found->second.push_back(&mistake);
  }
  std::string out;
  for (const auto& [file, mistakes] : files) {
    const auto name = file.empty() ? "the program" : placeText({file, 0, 0}, folder);
    out += paint(style, Ink::failure, "error: ") +
           fmt::format("{} in {}\n", count(mistakes.size(), "mistake"), printable(name));
    std::string last;
    for (const auto* mistake : mistakes) {
      auto head = headOf(*mistake, style);
      if (head != last || head.empty()) out += "\n" + indent(head, "  ");
      last = std::move(head);
      out += indent(messageOf(*mistake, folder), "    ") + belowText(*mistake, style, folder, "    ");
    }
    out += "\n";
  }
  return out + "Nothing was deployed.\n";
}

Json plainJson(const Error& error) {
  Json json = {{"code", name(error.code())}, {"message", error.what()}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("file", error.place().file);
  if (error.place().line > 0) json["line"] = error.place().line;
  if (error.place().column > 0) json["column"] = error.place().column;
  add("resource", error.resource());
  add("path", error.path());
  add("detail", error.detail());
  add("hint", error.hint());
  return json;
}

}  // namespace

std::string errorText(const std::exception& error, const Style& style, const std::filesystem::path& folder) {
  if (const auto* invalid = dynamic_cast<const engine::InvalidProgram*>(&error);
      invalid && !invalid->mistakes().empty())
    return allMistakes(*invalid, style, folder);
  if (const auto* known = dynamic_cast<const Error*>(&error)) return oneError(*known, style, folder);
  return paint(style, Ink::failure, "error: ") + printable(error.what()) + "\n";
}

Json errorJson(const std::exception& error) {
  if (const auto* invalid = dynamic_cast<const engine::InvalidProgram*>(&error)) {
    auto json = plainJson(*invalid);
    json["mistakes"] = Json::array();
    for (const auto& mistake : invalid->mistakes()) json["mistakes"].push_back(plainJson(mistake));
    return json;
  }
  if (const auto* known = dynamic_cast<const Error*>(&error)) return plainJson(*known);
  return {{"code", name(ErrorCode::internal)}, {"message", error.what()}};
}

}  // namespace athanor::cli
