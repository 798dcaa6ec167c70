#include "schema/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "base/error.h"
#include "schema/catalogue.h"
#include "schema/document.h"
#include "schema/pack.h"
#include "schema/zip.h"

namespace athanor::schema {

namespace {

/// "A/B" of "/properties/A/properties/B", "/properties/A/B" and "A/B": AWS's files write all three.
std::string pathOf(std::string_view pointer) {
  std::string path;
  while (!pointer.empty()) {
    if (pointer.front() == '/') pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const auto step = pointer.substr(0, end);
    pointer.remove_prefix(end);
    if (step == "properties" || step.empty()) continue;
    if (!path.empty()) path += '/';
    path += step;
  }
  return path;
}

std::vector<std::string> paths(const Json& schema, const char* word) {
  std::vector<std::string> out;
  if (const auto found = schema.find(word); found != schema.end() && found->is_array())
    for (const auto& pointer : *found)
      if (pointer.is_string()) out.push_back(pathOf(pointer.get_ref<const std::string&>()));
  return out;
}

/// Moves every description under `node` to the same place in `documentation`.
void takeDescriptions(Json& node, Json& documentation, int depth = 0) {
  if (!node.is_object() || depth > 64) return;
  if (auto text = node.find("description"); text != node.end() && text->is_string()) {
    documentation["description"] = std::move(*text);
    node.erase("description");
  }
  for (const char* word : {"properties", "definitions"})
    if (auto inner = node.find(word); inner != node.end() && inner->is_object())
      for (auto& [name, value] : inner->items()) {
        Json taken = Json::object();
        takeDescriptions(value, taken, depth + 1);
        if (!taken.empty()) documentation[word][name] = std::move(taken);
      }
}

std::string reasonNotToDeploy(const Json& schema) {
  const auto handlers = schema.find("handlers");
  if (handlers == schema.end() || !handlers->is_object() || handlers->empty())
    return "its schema names no handlers, so the Cloud Control API cannot manage it";
  for (const char* needed : {"create", "read", "delete"})
    if (!handlers->contains(needed))
      return fmt::format("its schema names no \"{}\" handler, so the Cloud Control API cannot manage it",
                         needed);
  if (!schema.contains("primaryIdentifier"))
    return "its schema names no identifier, so the Cloud Control API cannot manage it";
  return "";
}

/// Says whether resources can be listed, and what a list must be given.
void list(Json& schema) {
  const auto handlers = schema.value("handlers", Json::object());
  if (!handlers.is_object()) return;
  if (!handlers.contains("list")) {
    schema["notListable"] = true;
    return;
  }
  const Json::json_pointer required("/list/handlerSchema/required");
  if (handlers.contains(required)) schema["listRequires"] = handlers.at(required);
}

Packable packable(Json schema) {
  for (const auto& [list, word] :
       {std::pair{"readOnlyProperties", "readOnly"}, std::pair{"writeOnlyProperties", "writeOnly"},
        std::pair{"createOnlyProperties", "createOnly"}})
    for (const auto& path : paths(schema, list)) mark(schema, path, word);
  if (schema.contains("primaryIdentifier")) schema["primaryIdentifier"] = paths(schema, "primaryIdentifier");
  const auto tagging = schema.value("tagging", Json::object());
  const auto tags = pathOf(stringAt(tagging, "tagProperty", "/properties/Tags"));
  if (schema.contains("properties") && schema["properties"].contains(tags)) schema["tagProperty"] = tags;
  if (auto reason = reasonNotToDeploy(schema); !reason.empty()) schema["notDeployable"] = reason;
  list(schema);
  for (const char* word : {"handlers", "readOnlyProperties", "writeOnlyProperties", "createOnlyProperties",
                           "tagging", "sourceUrl", "documentationUrl", "$schema"})
    schema.erase(word);
  Packable out{.name = stringAt(schema, "typeName"), .schema = {}, .documentation = Json::object()};
  takeDescriptions(schema, out.documentation);
  out.schema = std::move(schema);
  return out;
}

/// The type in a file's text; none where it is JSON of another kind.
std::optional<Packable> typeIn(const std::string& text, const std::string& origin) {
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded())
    throw Error(ErrorCode::usage, origin + " is not JSON").next("Download AWS's schema files again.");
  if (!json.is_object() || stringAt(json, "typeName").empty() || !json.contains("properties") ||
      !json["properties"].is_object())
    return {};
  return packable(std::move(json));
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::usage, "cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string packOf(const std::filesystem::path& source) {
  std::map<std::string, Packable> types;  // by name: where two files tell of one type, the later one stands
  const auto take = [&](const std::string& text, const std::string& origin) {
    if (auto type = typeIn(text, origin)) types.insert_or_assign(type->name, std::move(*type));
  };
  const auto isJson = [](const std::filesystem::path& file) { return file.extension() == ".json"; };
  std::error_code error;
  if (std::filesystem::is_directory(source, error)) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             source, std::filesystem::directory_options::skip_permission_denied, error))
      if (entry.is_regular_file(error) && isJson(entry.path()))
        take(contents(entry.path()), entry.path().string());
  } else {
    readZip(contents(source), source.string(), isJson, [&](const std::string& name, const std::string& text) {
      take(text, source.string() + " (" + name + ")");
    });
  }
  if (types.empty())
    throw Error(ErrorCode::usage, source.string() + " holds no schemas of resource types")
        .next("AWS publishes them, for each region, as CloudformationSchema.zip.");
  std::vector<Packable> all;
  for (auto& [name, type] : types) all.push_back(std::move(type));
  return pack(std::move(all));
}

std::size_t importInto(const std::filesystem::path& source, const std::filesystem::path& file) {
  const auto bytes = packOf(source);
  auto draft = file;
  draft += ".new";
  std::ofstream out(draft, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(draft, file, error);
  if (!out || error) throw Error(ErrorCode::state, "cannot write " + file.string());
  return Pack(bytes, file.string()).size();
}

}  // namespace athanor::schema
