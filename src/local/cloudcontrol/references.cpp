#include "local/cloudcontrol/references.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "local/cloudcontrol/attributes.h"
#include "local/cloudcontrol/behaviour.h"
#include "local/cloudcontrol/failure.h"
#include "schema/pick.h"

namespace athanor::local::cloudcontrol {

namespace {

using schema::Kind;
using schema::Property;
using schema::Shape;
using schema::Type;

class Gatherer {
 public:
  void walk(const Shape& any, const Json& value, const std::string& at, const Property* holder) {
    if (value.is_string() && holder && !holder->refersTo.empty() &&
        !value.get_ref<const std::string&>().empty())
      found.push_back({at, holder->name, value, &holder->refersTo});
    const Shape* shape = value.is_structured() ? schema::settled(any, value) : nullptr;
    if (!shape) return;
    if (shape->kind == Kind::object && value.is_object()) {
      for (const auto& property : shape->properties)
        if (const auto inner = value.find(property.name); inner != value.end())
          walk(*property.shape, *inner, at + "/" + property.name, &property);
    } else if (shape->kind == Kind::list && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        walk(*shape->element, value[i], fmt::format("{}/{}", at, i), holder);
    } else if (shape->kind == Kind::map && value.is_object()) {
      for (const auto& [key, inner] : value.items())
        walk(*shape->element, inner, at + "/" + escapePointer(key), nullptr);
    }
  }

  std::vector<Reference> found;
};

/// What the ARNs of a type begin with, up to where they differ: "arn:aws:iam::123456789012:role/".
std::string arnPrefix(const Type& type, const Caller& caller) {
  const std::string differs = "\x01";
  const auto arn = arnOf(type, Json::object(), {caller, {}, differs, nullptr});
  return arn.substr(0, arn.find(differs));
}

/// The kinds of characters in a text: two identifiers that a service made have the same.
std::string form(std::string text) {
  for (char& c : text)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) c = 'a';
  return text;
}

/// True for the part of an ARN that names what AWS itself puts into accounts: service-linked roles, KMS's
/// alias/aws/…, the event bus "default", parameter groups "default.mysql8.0", Athena's workgroup "primary".
bool everyAccountHas(std::string_view resource) {
  const auto last = resource.substr(resource.find_last_of(":/") + 1);
  return resource.starts_with("aws/") || resource.starts_with("aws-") || last.starts_with("default") ||
         last.starts_with("Default") || last == "primary";
}

/// True where the type's resources are known by `property`, which only the service can give.
bool madeIdentifier(const Type& type, const std::string& property) {
  if (type.identifier.size() != 1 || type.identifier.front() != property) return false;
  const auto* found = type.root->find(property);
  return found && found->readOnly;
}

class Check {
 public:
  Check(Resources& resources, const schema::Catalogue& catalogue, Caller caller)
      : resources_(resources), catalogue_(catalogue), caller_(std::move(caller)) {}

  void refuseDangling(const Reference& reference) {
    const auto& value = reference.value;
    const bool plain = std::ranges::all_of(
        value, [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '*'; });
    if (!plain) return;  // a pattern, a template: no name
    std::vector<std::string> claiming;
    for (const auto& one : *reference.to)
      if (const auto* type = catalogue_.find(one.type); type && claims(*type, one.property, value)) {
        if (!managed(*type)) return;
        if (std::ranges::find(claiming, type->name) == claiming.end()) claiming.push_back(type->name);
      }
    if (claiming.empty()) return;
    for (const auto& one : *reference.to)
      if (const auto* type = catalogue_.find(one.type); type && matches(*type, value)) return;
    throw HandlerFailure(
        "InvalidRequest",
        fmt::format(
            "#{}: {} is no {} of account {} in {}. The AWS that runs here has made resources of that type, "
            "so it checks what refers to them; --no-references switches this off.",
            reference.pointer, value, fmt::join(claiming, " or "), caller_.account, caller_.region));
  }

 private:
  /// True where no value of this form can be anything but a resource of this type, account and region.
  bool claims(const Type& type, const std::string& property, const std::string& value) {
    if (value.starts_with("arn:")) {
      const auto prefix = arnPrefix(type, caller_);
      const bool own =
          prefix.find(":" + caller_.account + ":") != std::string::npos;  // not S3's: they name nobody
      return own && value.size() > prefix.size() && value.starts_with(prefix) &&
             !everyAccountHas(std::string_view(value).substr(prefix.size()));
    }
    if (!madeIdentifier(type, property)) return false;
    const auto any = resources_.list(caller_, type.name, Time::max(), 0, 1);
    return !any.empty() && form(any.front().identifier) == form(value);
  }

  bool managed(const Type& type) { return resources_.any(caller_, type.name, everywhere(type), ""); }

  bool everywhere(const Type& type) const {
    return arnPrefix(type, caller_).find(":" + caller_.region + ":") == std::string::npos;
  }

  bool matches(const Type& type, const std::string& value) {
    if (resources_.find({caller_, type.name, value})) return true;
    return std::ranges::any_of(spellings(type, value), [&](const std::string& text) {
      return resources_.any(caller_, type.name, everywhere(type), text);
    });
  }

  /// Parts of a model's JSON text that say that it is the one meant. Services take an ARN with a suffix (a
  /// version, an alias), without one, or the name inside of it.
  std::vector<std::string> spellings(const Type& type, const std::string& value) const {
    std::vector<std::string> out;
    for (const char* end : {"\"", ":", "/", "-"}) out.push_back("\"" + value + end);
    const auto prefix = arnPrefix(type, caller_);
    if (!value.starts_with(prefix)) return out;
    for (auto end = value.find_last_of(":/"); end != std::string::npos && end > prefix.size();
         end = value.find_last_of(":/", end - 1))
      out.push_back("\"" + value.substr(0, end) + "\"");
    const auto rest = value.substr(prefix.size());
    out.push_back("\"" + rest + "\"");
    out.push_back("\"" + rest.substr(0, rest.find_first_of(":/")) + "\"");
    out.push_back("\"" + rest.substr(rest.find_last_of(":/") + 1) + "\"");
    out.push_back("\"" + value.substr(value.find_last_of(':') + 1) + "\"");
    return out;
  }

  Resources& resources_;
  const schema::Catalogue& catalogue_;
  Caller caller_;
};

}  // namespace

std::vector<Reference> referencesIn(const Type& type, const Json& model) {
  Gatherer gatherer;
  gatherer.walk(*type.root, model, "", nullptr);
  return std::move(gatherer.found);
}

void checkReferences(Resources& resources, const schema::Catalogue& catalogue, const Caller& caller,
                     const Type& type, const Json& model, const Json& before) {
  const auto references = referencesIn(type, model);
  if (references.empty()) return;
  std::set<std::string> known;
  for (const auto& old : referencesIn(type, before)) known.insert(old.value);
  Check check(resources, catalogue, caller);
  for (const auto& reference : references)
    if (!known.contains(reference.value)) check.refuseDangling(reference);
}

}  // namespace athanor::local::cloudcontrol
