#include "engine/adoption.h"

#include <algorithm>

#include "base/reference.h"
#include "schema/identifier.h"

namespace athanor::engine {

namespace {

Error refusal(const Declaration& declaration, const std::string& text) {
  return Error(ErrorCode::refused, text).of(declaration.id).at(declaration.source).in("options.adopt");
}

/// A type's tags as the pairs that they are, whichever of AWS's two forms they have.
std::map<std::string, Json> tagsOf(const schema::Type& type, const Json& model) {
  std::map<std::string, Json> out;
  const auto tags = type.tagProperty.empty() ? model.end() : model.find(type.tagProperty);
  if (tags == model.end()) return out;
  for (const auto& [key, value] : tags->items()) {
    if (tags->is_object())
      out.emplace(key, value);
    else if (value.is_object())
      out.emplace(stringAt(value, "Key"), value.value("Value", Json()));
  }
  return out;
}

/// The resources of a type that have all of `wanted` as tags.
Task<std::vector<plan::Existing>> taggedWith(provider::Provider* provider, const schema::Type* type,
                                             std::map<std::string, Json> wanted) {
  std::vector<Later<std::optional<provider::Live>>> reads;
  for (const auto& listed : co_await provider->list(type->name, Json::object()))
    reads.push_back(start(provider->read(type->name, listed.identifier)));
  std::vector<plan::Existing> out;
  for (const auto& read : reads) {
    auto live = co_await read;
    if (!live) continue;
    const auto has = tagsOf(*type, live->properties);
    if (std::ranges::includes(has, wanted))
      out.push_back({std::move(live->identifier), std::move(live->properties)});
  }
  co_return out;
}

void refuseIfRecorded(const Session& session, const Declaration& declaration, const Target& target,
                      const std::string& identifier) {
  for (const auto& [key, resource] : session.records.rows())
    if (resource.type == declaration.type && resource.identifier == identifier && resource.target == target)
      throw refusal(declaration, identifier + " is managed already, as " + resource.id)
          .next("give it the option `renamedFrom: \"" + resource.id + "\"` if this is its new name");
}

}  // namespace

Task<std::optional<plan::Existing>> findExisting(Session* session, const Declaration* declaration) {
  const auto& type = *session->context.catalogue.find(declaration->type);
  const auto target = co_await targetOf(session, declaration->options);
  auto& provider = session->context.providers.provider(target);
  auto identifier = declaration->options.identifier;
  if (const auto own = schema::identifierOf(type, declaration->props); identifier.empty() && own)
    identifier = *own;
  std::optional<plan::Existing> found;
  if (!identifier.empty()) {
    if (auto live = co_await provider.read(declaration->type, identifier))
      found = {std::move(live->identifier), std::move(live->properties)};
    else if (!declaration->options.identifier.empty())
      throw Error(ErrorCode::notFound,
                  "there is no " + declaration->type + " \"" + identifier + "\" in " + toString(target))
          .of(declaration->id)
          .at(declaration->source)
          .in("options.adopt");
  } else if (auto tags = tagsOf(type, declaration->props); !tags.empty() && !hasUnknown(declaration->props)) {
    auto all = co_await taggedWith(&provider, &type, std::move(tags));
    if (all.size() > 1) {
      std::string names;
      for (const auto& one : all) names += (names.empty() ? "" : ", ") + one.identifier;
      throw refusal(*declaration, "several have its tags: " + names)
          .next("say which to take over: `adopt: \"" + all.front().identifier + "\"`");
    }
    if (!all.empty()) found = std::move(all.front());
  }
  if (found) refuseIfRecorded(*session, *declaration, target, found->identifier);
  co_return found;
}

}  // namespace athanor::engine
