#include "engine/check.h"

#include <fmt/format.h>

#include "plan/step.h"
#include "schema/casing.h"
#include "schema/validate.h"

namespace athanor::engine {

namespace {

Error mistake(const Declaration& declaration, const std::string& text) {
  return Error(ErrorCode::validation, text).at(declaration.source).of(declaration.id);
}

/// How long a secret is, or how many it has, may be said; what it is may not.
void hide(schema::Problem& problem) {
  using Kind = schema::Problem::Kind;
  problem.nearest.clear();
  if (problem.kind != Kind::length && problem.kind != Kind::itemCount && problem.kind != Kind::missing &&
      problem.kind != Kind::unknownProperty)
    problem.found = "(secret)";
}

void collect(const schema::Shape& shape, const Json& value, const std::string& pointer,
             std::vector<std::string>& out) {
  if (value.is_object() && shape.kind == schema::Kind::object) {
    for (const auto& [key, inner] : value.items()) {
      const auto* property = shape.find(key);
      if (!property) continue;
      const auto at = pointer + "/" + escapePointer(key);
      if (property->writeOnly)
        out.push_back(at);
      else if (property->shape)
        collect(*property->shape, inner, at, out);
    }
  } else if (value.is_array() && shape.kind == schema::Kind::list && shape.element) {
    for (std::size_t i = 0; i < value.size(); ++i)
      collect(*shape.element, value[i], pointer + "/" + std::to_string(i), out);
  }
}

}  // namespace

std::vector<Error> check(const schema::Catalogue& catalogue, const Declaration& declaration) {
  std::vector<Error> mistakes;
  const auto* type = catalogue.find(declaration.type);
  if (!type) {
    const auto near = catalogue.nearest(declaration.type, 1);
    mistakes.push_back(mistake(declaration, "AWS has no resource type " + declaration.type)
                           .next(near.empty() ? "`athanor schema search WORD` finds types"
                                              : "did you mean " + near.front() + "?"));
  } else if (!type->deployable()) {
    mistakes.push_back(
        mistake(declaration, declaration.type + " cannot be deployed: " + type->notDeployable));
  } else {
    for (auto& problem : schema::validate(*type, declaration.props)) {
      if (plan::isSecret(problem.pointer, declaration.secrets)) hide(problem);
      mistakes.push_back(mistake(declaration, problem.text(*type->root))
                             .in(schema::camelPath(*type->root, problem.pointer)));
    }
    for (const auto& name : type->identifier)
      if (const auto pointer = "/" + escapePointer(name); plan::isSecret(pointer, declaration.secrets))
        mistakes.push_back(mistake(declaration, schema::camelPath(*type->root, pointer) +
                                                    " cannot be a secret: it identifies the resource")
                               .in(schema::camelPath(*type->root, pointer))
                               .next("identifiers are shown and recorded; choose another value"));
  }
  return mistakes;
}

std::vector<Error> Declared::add(const schema::Catalogue& catalogue, const Declaration& declaration) {
  auto mistakes = check(catalogue, declaration);
  if (declaration.options.emptyOnDelete && declaration.type != "AWS::S3::Bucket")
    mistakes.push_back(mistake(declaration, "emptyOnDelete is for AWS::S3::Bucket only: " + declaration.type +
                                                " holds no objects")
                           .in("options.emptyOnDelete"));
  const auto [first, fresh] = places_.emplace(declaration.id, declaration.source);
  if (!fresh && !declaration.id.empty())  // that it has none is told already
    mistakes.push_back(mistake(declaration, "the id \"" + declaration.id + "\" is already declared at " +
                                                toString(first->second))
                           .next("give each resource of a program an id of its own"));
  const auto& from = declaration.options.renamedFrom;
  const auto taken = renamed_.find(declaration.id);
  if (taken != renamed_.end() || (!from.empty() && places_.contains(from)))
    mistakes.push_back(
        mistake(declaration, fmt::format("renamedFrom of {} names \"{}\", which is declared as well",
                                         taken != renamed_.end() ? taken->second : declaration.id,
                                         taken != renamed_.end() ? declaration.id : from))
            .in("options.renamedFrom"));
  if (!from.empty()) renamed_.emplace(from, declaration.id);
  for (const auto& id : declaration.options.dependsOn)
    if (id == declaration.id || !places_.contains(id))
      mistakes.push_back(
          mistake(declaration, "dependsOn names \"" + id + "\", which is not declared before it")
              .in("options.dependsOn"));
  return mistakes;
}

std::vector<std::string> secrets(const schema::Type& type, const Json& props) {
  std::vector<std::string> out;
  collect(*type.root, props, "", out);
  return out;
}

}  // namespace athanor::engine
