#include "base/resource.h"

namespace athanor {

const char* name(Resource::Status status) {
  switch (status) {
    case Resource::Status::created:
      return "created";
    case Resource::Status::tainted:
      return "tainted";
    case Resource::Status::leaving:
      return "leaving";
  }
  return "created";
}

Resource::Status statusFrom(std::string_view name) {
  if (name == "created") return Resource::Status::created;
  if (name == "tainted") return Resource::Status::tainted;
  if (name == "leaving") return Resource::Status::leaving;
  throw Error(ErrorCode::state,
              "the state holds a resource with the unknown status \"" + std::string(name) + "\"");
}

void Resource::setProps(Json declared, Json resolved) {
  props = std::move(declared);
  resolved_.reset();
  if (resolved != props) resolved_ = std::move(resolved);
}

namespace {
std::vector<std::string> stringsAt(const Json& json, const char* key) {
  auto found = json.find(key);
  return found == json.end() ? std::vector<std::string>{} : found->get<std::vector<std::string>>();
}
}  // namespace

std::string toString(const Target& target) {
  std::string text = target.endpoint.empty() ? "" : target.endpoint + "/";
  if (target.partition != "aws") text += target.partition + "/";
  return text + target.account + "/" + target.region;
}

Json toJson(const Target& target) {
  return {{"partition", target.partition},
          {"account", target.account},
          {"region", target.region},
          {"endpoint", target.endpoint}};
}

Target targetFrom(const Json& json) {
  return {stringAt(json, "partition", "aws"), stringAt(json, "account"), stringAt(json, "region"),
          stringAt(json, "endpoint")};
}

Options lasting(Options options) {
  options.adopt = false;
  options.identifier.clear();
  options.renamedFrom.clear();
  return options;
}

Json toJson(const Options& options) {
  Json json = Json::object();
  if (options.protect) json["protect"] = true;
  if (options.retain) json["retain"] = true;
  if (options.emptyOnDelete) json["emptyOnDelete"] = true;
  if (!options.dependsOn.empty()) json["dependsOn"] = options.dependsOn;
  if (!options.ignoreChanges.empty()) json["ignoreChanges"] = options.ignoreChanges;
  if (options.timeout) json["timeout"] = options.timeout->count();
  if (!options.region.empty()) json["region"] = options.region;
  if (!options.profile.empty()) json["profile"] = options.profile;
  return json;
}

Options optionsFrom(const Json& json) {
  Options options;
  options.protect = json.value("protect", false);
  options.retain = json.value("retain", false);
  options.emptyOnDelete = json.value("emptyOnDelete", false);
  options.dependsOn = stringsAt(json, "dependsOn");
  options.ignoreChanges = stringsAt(json, "ignoreChanges");
  if (json.contains("timeout")) options.timeout = std::chrono::seconds(json["timeout"].get<std::int64_t>());
  options.region = stringAt(json, "region");
  options.profile = stringAt(json, "profile");
  return options;
}

Json toJson(const Resource& resource) {
  Json json = {
      {"id", resource.id},
      {"generation", resource.generation},
      {"type", resource.type},
      {"identifier", resource.identifier},
      {"target", toJson(resource.target)},
      {"props", resource.props},
      {"resolved", resource.resolved()},
      {"outputs", resource.outputs},
      {"options", toJson(resource.options)},
      {"dependsOn", resource.dependsOn},
      {"source",
       {{"file", resource.source.file}, {"line", resource.source.line}, {"column", resource.source.column}}},
      {"status", name(resource.status)}};
  if (!resource.secrets.empty()) json["secrets"] = resource.secrets;
  return json;
}

Resource resourceFrom(Json json) {
  Resource resource;
  resource.id = json.at("id");
  resource.generation = json.at("generation");
  resource.type = json.at("type");
  resource.identifier = stringAt(json, "identifier");
  resource.target = targetFrom(json.at("target"));
  resource.setProps(std::move(json.at("props")), std::move(json.at("resolved")));
  resource.outputs = std::move(json.at("outputs"));
  resource.options = optionsFrom(json.at("options"));
  resource.dependsOn = stringsAt(json, "dependsOn");
  const auto& source = json.at("source");
  resource.source = {stringAt(source, "file"), source.value("line", 0), source.value("column", 0)};
  resource.status = statusFrom(json.at("status").get_ref<const std::string&>());
  resource.secrets = stringsAt(json, "secrets");
  return resource;
}

}  // namespace athanor
