#include "program/typescript/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include "base/error.h"
#include "program/typescript/embedded.h"
#include "program/typescript/eraser.h"

#include <js/SourceText.h>

namespace athanor::program {

namespace fs = std::filesystem;

namespace {

constexpr std::array ourModules = {"alchemy", "alchemy/aws/control", "athanor", "athanor/aws"};

std::string readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (!file || fs::is_directory(path))
    throw Error(ErrorCode::program, fmt::format("cannot read {}", path)).at({path, 0, 0});
  if (text.starts_with("\xEF\xBB\xBF")) text.replace(0, 3, "\xE3\x80\x80");  // a space as long as the mark
  if (text.size() >= UINT32_MAX)
    throw Error(ErrorCode::program, fmt::format("{} is too large", path)).at({path, 0, 0});
  return text;
}

bool isTypeScript(const fs::path& path) {
  return path.extension() == ".ts" || path.extension() == ".mts" || path.extension() == ".cts";
}

/// What `text` is as a JavaScript module.
std::string javascriptOf(const std::string& name, const std::string& text) {
  const fs::path path(name);
  if (Sources::isOurs(name)) return std::string(moduleShim(name));
  if (isTypeScript(path)) return eraseTypes(text, name);
  if (path.extension() == ".json") return "export default " + text;
  if (path.extension() == ".tsx" || path.extension() == ".jsx")
    throw Error(ErrorCode::program, "JSX is not supported")
        .at({name, 0, 0})
        .next("Programs are .ts, .mts, .js or .mjs files.");
  return text;
}

/// The file that an import of `path` means: as it stands, with an extension, TypeScript under the name of its
/// JavaScript, or a folder's index.
std::optional<fs::path> fileFor(const fs::path& path) {
  std::vector<fs::path> candidates = {path};
  static constexpr std::array javascript = {".js", ".mjs", ".cjs"};
  static constexpr std::array typescript = {".ts", ".mts", ".cts"};
  for (std::size_t i = 0; i < javascript.size(); ++i)
    if (path.extension() == javascript[i])
      candidates.push_back(fs::path(path).replace_extension(typescript[i]));
  for (const char* extension : {".ts", ".mts", ".js", ".mjs", ".json"})
    candidates.emplace_back(path.string() + extension);
  for (const char* index : {"index.ts", "index.mts", "index.js", "index.mjs"})
    candidates.push_back(path / index);
  std::error_code ignored;
  for (const auto& candidate : candidates)
    if (fs::is_regular_file(candidate, ignored)) return fs::weakly_canonical(candidate);
  return {};
}

/// "file:///a%20b" → "/a b"
std::string pathOfUrl(const std::string& url) {
  std::string out;
  for (std::size_t i = std::string_view("file://").size(); i < url.size(); ++i) {
    int byte = 0;
    if (url[i] == '%' && i + 2 < url.size() && std::sscanf(url.substr(i + 1, 2).c_str(), "%2x", &byte) == 1) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += url[i];
    }
  }
  return out;
}

}  // namespace

bool Sources::isOurs(std::string_view name) {
  return std::ranges::find(ourModules, name) != ourModules.end();
}

std::string Sources::resolve(const std::string& specifier, const std::string& importer) {
  if (isOurs(specifier)) return specifier;
  const bool relative =
      specifier.starts_with("./") || specifier.starts_with("../") || specifier == "." || specifier == "..";
  const bool url = specifier.starts_with("file://");
  if (!relative && !url && !specifier.starts_with("/")) {
    const auto hint = fmt::format(
        "A program imports {} and its own files (\"./other.ts\"); packages from npm and Node's own modules "
        "are not available.",
        fmt::join(ourModules, ", "));
    throw Error(ErrorCode::program,
                fmt::format("Cannot find package '{}' imported from {}", specifier, importer))
        .next(hint);
  }
  const fs::path path = url        ? fs::path(pathOfUrl(specifier))
                        : relative ? fs::path(importer).parent_path() / specifier
                                   : fs::path(specifier);
  if (auto file = fileFor(path)) return file->string();
  throw Error(ErrorCode::program,
              fmt::format("Cannot find module '{}' imported from {}", specifier, importer))
      .next(fmt::format("There is no {} (nor with .ts, .js, .json or as a folder with an index).",
                        path.lexically_normal().string()));
}

const Source& Sources::load(JSContext* cx, const std::string& name) {
  if (auto found = sources_.find(name); found != sources_.end() && found->second.compiled)
    return found->second;
  Source& source = sources_[name];
  source.name = name;
  if (source.text.empty() && !isOurs(name)) source.text = readFile(name);
  const std::string script = javascriptOf(name, source.text);
  for (const char* word : {"accountId", "region", "partition"})
    source.mentionsTarget = source.mentionsTarget || script.find(word) != std::string::npos;

  JS::CompileOptions options(cx);
  options.setFileAndLine(name.c_str(), 1);
  JS::SourceText<mozilla::Utf8Unit> text;
  check(text.init(cx, script.data(), script.size(), JS::SourceOwnership::Borrowed));
  source.compiled = JS::CompileModuleScriptToStencil(cx, options, text);
  check(source.compiled.get());
  return source;
}

const Source* Sources::find(const std::string& name) const {
  auto found = sources_.find(name);
  return found == sources_.end() ? nullptr : &found->second;
}

}  // namespace athanor::program
