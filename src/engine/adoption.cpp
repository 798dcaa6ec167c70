#include "engine/adoption.h"

#include <algorithm>
#include <functional>

#include "base/reference.h"
#include "schema/identifier.h"
#include "schema/tags.h"

namespace athanor::engine {

namespace {

Error refusal(const Declaration& declaration, const std::string& text) {
  return Error(ErrorCode::refused, text).of(declaration.id).at(declaration.source).in("options.adopt");
}

/// A type's resources whose live model is as wanted.
Task<std::vector<plan::Existing>> matching(provider::Provider* provider, std::string type,
                                           std::function<bool(const Json&)> wanted) {
  std::vector<Later<std::optional<provider::Live>>> reads;
  for (const auto& listed : co_await provider->list(type, Json::object()))
    reads.push_back(start(provider->read(type, listed.identifier)));
  std::vector<plan::Existing> out;
  for (const auto& read : reads) {
    auto live = co_await read;
    if (live && wanted(live->properties))
      out.push_back({std::move(live->identifier), std::move(live->properties)});
  }
  co_return out;
}

/// By what a declaration's resource is known where the service makes its identifier.
struct Marks {
  const char* what = "";                      ///< in words; "" where it has none
  std::function<bool(const Json&)> has = {};  ///< of a live model
};

/// Its unique name where it gives that, else all of its tags.
Marks marksOf(const schema::Type& type, const Json& props) {
  if (hasUnknown(props)) return {};
  if (const auto* name = schema::uniqueName(type); name && !stringAt(props, name->name).empty())
    return {"name", [key = name->name, own = stringAt(props, name->name)](const Json& live) {
              return stringAt(live, key) == own;
            }};
  auto tags = schema::tagsOf(type, props);
  if (tags.empty()) return {};
  return {"tags", [&type, tags = std::move(tags)](const Json& live) {
            return std::ranges::includes(schema::tagsOf(type, live), tags);
          }};
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
  } else if (const auto marks = marksOf(type, declaration->props); marks.has) {
    auto all = co_await matching(&provider, type.name, marks.has);
    if (all.size() > 1) {
      std::string names;
      for (const auto& one : all) names += (names.empty() ? "" : ", ") + one.identifier;
      throw refusal(*declaration, std::string("several have its ") + marks.what + ": " + names)
          .next("say which to take over: `adopt: \"" + all.front().identifier + "\"`");
    }
    if (!all.empty()) found = std::move(all.front());
  }
  if (found) refuseIfRecorded(*session, *declaration, target, found->identifier);
  co_return found;
}

}  // namespace athanor::engine
