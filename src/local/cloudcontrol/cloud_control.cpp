#include "local/cloudcontrol/cloud_control.h"

#include <fmt/format.h>

#include "local/cloudcontrol/model.h"
#include "local/cloudcontrol/patch.h"
#include "local/cloudcontrol/validation.h"
#include "schema/identifier.h"

namespace athanor::local::cloudcontrol {

namespace {

constexpr std::size_t deepest = 64;

Json parsedModel(const std::string& text, std::string_view member) {
  if (nesting(text) > deepest) throw invalid(fmt::format("{} nests too deep", member));
  auto out = Json::parse(text, nullptr, false);
  if (out.is_discarded())
    throw apiError("InvalidRequestException", fmt::format("{} is not valid JSON", member));
  return out;
}

/// TypeName, and the two members that go with it and change nothing here: whose role, which version of the
/// type.
std::string typeNameOf(Input& input) {
  auto out = input.required("TypeName", form::typeName);
  input.optional("RoleArn", form::roleArn);
  input.optional("TypeVersionId", form::typeVersionId);
  return out;
}

Json description(const StoredResource& resource) {
  return {{"Identifier", resource.identifier}, {"Properties", resource.visible}};
}

bool matches(const Json& wanted, const StoredResource& resource) {
  if (wanted.empty()) return true;
  const auto model = Json::parse(resource.visible);
  for (const auto& [name, value] : wanted.items())
    if (!model.contains(name) || model[name] != value) return false;
  return true;
}

/// What there is of a resource, which must be something.
StoredResource existing(std::optional<StoredResource> resource, const ResourceKey& key) {
  if (!resource)
    throw apiError(
        "ResourceNotFoundException",
        fmt::format("Resource of type '{}' with identifier '{}' was not found.", key.type, key.identifier));
  return *std::move(resource);
}

}  // namespace

CloudControl::CloudControl(Database& database, Inventory& inventory, const schema::Catalogue& catalogue,
                           Settings settings)
    : database_(database),
      inventory_(inventory),
      catalogue_(catalogue),
      settings_(std::move(settings)),
      operations_(database),
      nextDue_(operations_.nextDue()) {}

std::span<const std::pair<std::string_view, CloudControl::Member>> CloudControl::table() {
  static constexpr std::pair<std::string_view, Member> members[] = {
      {"GetResource", &CloudControl::get},
      {"GetResourceRequestStatus", &CloudControl::status},
      {"CreateResource", &CloudControl::create},
      {"UpdateResource", &CloudControl::update},
      {"DeleteResource", &CloudControl::remove},
      {"ListResources", &CloudControl::list},
      {"ListResourceRequests", &CloudControl::requests},
      {"CancelResourceRequest", &CloudControl::cancel},
  };
  return members;
}

std::vector<std::string_view> CloudControl::operations() {
  std::vector<std::string_view> out;
  for (const auto& [name, member] : table()) out.push_back(name);
  return out;
}

std::string CloudControl::answer(const Caller& caller, std::string_view operation, std::string_view body) {
  settle();
  forgetOld();
  for (const auto& [name, member] : table())
    if (name == operation) {
      Input input(body);
      return (this->*member)(caller, input).dump();
    }
  throw ApiError("com.amazon.coral.service#UnknownOperationException",
                 fmt::format("Cloud Control has no operation {}", operation));
}

const schema::Type& CloudControl::typeFor(const std::string& name, std::string_view action) const {
  const auto* type = catalogue_.find(name);
  if (!type) throw apiError("TypeNotFoundException", fmt::format("The type '{}' cannot be found.", name));
  if (!type->deployable() || (action == "LIST" && !type->listable))
    throw apiError("UnsupportedActionException",
                   fmt::format("Resource type {} does not support {} action", name, action));
  return *type;
}

ResourceKey CloudControl::keyFor(const Caller& caller, const schema::Type& type,
                                 const std::string& identifier) const {
  const auto parts = schema::identifierParts(type, identifier);
  const auto canonical = parts ? schema::identifierOf(type, *parts) : std::nullopt;
  if (!canonical) {
    std::string names;
    for (const auto& one : type.identifier)
      names += (names.empty() ? "/properties/" : ", /properties/") + one;
    throw invalid(fmt::format("Identifier {} is not valid for identifier [{}]", identifier, names));
  }
  return {caller, type.name, *canonical};
}

Json CloudControl::create(const Caller& caller, Input& input) {
  const auto typeName = typeNameOf(input);
  const auto desired = input.required("DesiredState", form::model);
  input.optional("ClientToken", form::clientToken);
  input.check();
  if (auto earlier = replay(caller, Verb::create, input)) return *std::move(earlier);
  const auto& type = typeFor(typeName, "CREATE");
  auto props = parsedModel(desired, "DesiredState");
  validateModel(type, props, false);
  auto operation = accepted({caller, type.name, ""}, Verb::create, input);
  operation.model = visibleModel(*type.root, props).dump();
  const auto given = schema::identifierOf(type, props);
  operation.named = given.has_value();
  if (given) {
    operation.resource.identifier = *given;
    refuseConcurrent(operation.resource);
  }
  try {
    Attempt attempt(database_);
    const auto draft = inventory_.draft(caller, type, std::move(props));
    const bool halfway = meetFate(draft.key, operation);
    if (operation.errorCode.empty() || halfway) {
      operation.resource = draft.key;
      inventory_.create(type, draft, operation.started);
      if (halfway) operation.next = failedModel(*type.root, draft.model).dump();
      attempt.keep();
    }
  } catch (const HandlerFailure& failure) {
    operation.errorCode = failure.code();
    operation.message = failure.what();
  }
  return {{"ProgressEvent", begin(std::move(operation))}};
}

Json CloudControl::update(const Caller& caller, Input& input) {
  const auto typeName = typeNameOf(input);
  const auto identifier = input.required("Identifier", form::identifier);
  const auto patch = input.required("PatchDocument", form::patch);
  input.optional("ClientToken", form::clientToken);
  input.check();
  if (auto earlier = replay(caller, Verb::update, input)) return *std::move(earlier);
  const auto& type = typeFor(typeName, "UPDATE");
  const auto key = keyFor(caller, type, identifier);
  refuseConcurrent(key);
  const auto found = existing(inventory_.find(key), key);
  auto next = patched(type, Json::parse(found.visible), patch);
  validateModel(type, next, true);
  auto operation = accepted(key, Verb::update, input);
  operation.model = visibleModel(*type.root, next).dump();
  carry(*type.root, Json::parse(found.model), next);
  operation.next = next.dump();
  meetFate(key, operation);
  return {{"ProgressEvent", begin(std::move(operation))}};
}

Json CloudControl::remove(const Caller& caller, Input& input) {
  const auto typeName = typeNameOf(input);
  const auto identifier = input.required("Identifier", form::identifier);
  input.optional("ClientToken", form::clientToken);
  input.check();
  if (auto earlier = replay(caller, Verb::remove, input)) return *std::move(earlier);
  const auto& type = typeFor(typeName, "DELETE");
  const auto key = keyFor(caller, type, identifier);
  refuseConcurrent(key);
  auto operation = accepted(key, Verb::remove, input);
  meetFate(key, operation);
  return {{"ProgressEvent", begin(std::move(operation))}};
}

Json CloudControl::get(const Caller& caller, Input& input) {
  const auto typeName = typeNameOf(input);
  const auto identifier = input.required("Identifier", form::identifier);
  input.check();
  const auto& type = typeFor(typeName, "READ");
  const auto key = keyFor(caller, type, identifier);
  return {{"TypeName", type.name}, {"ResourceDescription", description(existing(shown(key), key))}};
}

Json CloudControl::list(const Caller& caller, Input& input) {
  constexpr int mostPerPage = 100;
  const auto typeName = typeNameOf(input);
  const auto nextToken = input.optional("NextToken", form::handlerNextToken);
  const auto model = input.optional("ResourceModel", form::model);
  const auto most = static_cast<std::size_t>(input.integer("MaxResults", 1, mostPerPage, mostPerPage));
  input.check();
  const auto& type = typeFor(typeName, "LIST");
  const auto wanted = model.empty() ? Json::object() : parsedModel(model, "ResourceModel");
  if (!wanted.is_object()) throw apiError("InvalidRequestException", "ResourceModel is not a JSON object");
  for (const auto& needed : type.listRequires)
    if (!wanted.contains(needed))
      throw apiError("InvalidRequestException",
                     fmt::format("Missing or invalid ResourceModel property in {} list handler request input."
                                 "Required property:  (#: required key [{}] not found)",
                                 type.name, needed));
  Json found = Json::array();
  auto after = pageFrom(nextToken, 0);
  for (bool more = true; more;) {
    auto page = inventory_.resources().list(caller, type.name, now(), after, mostPerPage + 1);
    more = page.size() > mostPerPage;
    stale_.apply(caller, type.name, now(), after, !more, page);
    for (const auto& one : page) {
      if (matches(wanted, one)) {
        if (found.size() == most)
          return {
              {"TypeName", type.name}, {"ResourceDescriptions", found}, {"NextToken", std::to_string(after)}};
        found.push_back(description(one));
      }
      after = one.sequence;
    }
  }
  return {{"TypeName", type.name}, {"ResourceDescriptions", found}};
}

}  // namespace athanor::local::cloudcontrol
