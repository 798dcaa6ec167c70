#include "cli/error_text.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "cli/plan_text.h"
#include "engine/deployment.h"

namespace athanor::cli {

namespace {

/// "basicRecordingConfig, tags[0].key", without what the message says anyway.
std::string subjectOf(const Error& error) {
  std::string out = error.resource();
  const std::string message = error.what();
  if (!error.path().empty() && message.find(error.path()) == std::string::npos)
    out += (out.empty() ? "" : ", ") + error.path();
  return printable(out);
}

/// What stands below the message: detail, then what to do next.
std::string belowText(const Error& error, const Style& style, std::string_view margin) {
  std::string out;
  for (const auto& line : linesOf(printable(error.detail())))
    out += indent(paint(style, Ink::faint, line) + "\n", margin);
  if (!error.hint().empty())
    out += indent(paint(style, Ink::adopt, "next: ") + printable(error.hint()), margin);
  return out;
}

std::string oneError(const Error& error, const Style& style, const std::filesystem::path& folder) {
  auto out = paint(style, Ink::failure, "error: ") + printable(error.what()) + "\n";
  auto where = printable(placeText(error.place(), folder));
  const auto subject = subjectOf(error);
  if (!subject.empty()) where += (where.empty() ? "" : "  ") + subject;
  return out + indent(where, "  ") + belowText(error, style, "  ");
}

std::string placeInFile(const SourcePlace& place) {
  if (place.line == 0) return "";
  return place.column == 0 ? fmt::format("{}", place.line) : fmt::format("{}:{}", place.line, place.column);
}

std::string oneMistake(const Error& mistake, const Style& style) {
  const auto place = placeInFile(mistake.place());
  const auto subject = subjectOf(mistake);
  std::string head = place;
  if (!subject.empty()) head += (head.empty() ? "" : "  ") + paint(style, Ink::strong, subject);
  return "\n" + indent(head, "  ") + indent(printable(mistake.what()), "    ") +
         belowText(mistake, style, "    ");
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
    for (const auto* mistake : mistakes) out += oneMistake(*mistake, style);
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
