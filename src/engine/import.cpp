#include "engine/import.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/reference.h"
#include "engine/check.h"
#include "engine/session.h"
#include "engine/slots.h"
#include "schema/casing.h"
#include "schema/identifier.h"
#include "schema/tags.h"
#include "schema/validate.h"
#include "schema/writable.h"

namespace athanor::engine {

namespace {

bool isAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// "channel" of AWS::IVS::Channel.
std::string wordOf(const schema::Type& type) {
  return schema::camelCase(type.name.substr(type.name.rfind(':') + 1));
}

/// What a person called it: its Name, its own type's name ("BucketName"), or its tag "Name"; "" where
/// nothing.
std::string nameOf(const schema::Type& type, const Json& live) {
  const auto resource = type.name.substr(type.name.rfind(':') + 1);
  for (const auto& key : {std::string("Name"), resource + "Name", resource + "Id", std::string("Title")}) {
    const auto* property = type.root->find(key);
    if (!property || property->readOnly) continue;
    if (auto name = stringAt(live, property->name); !name.empty()) return name;
  }
  const auto tags = schema::tagsOf(type, live);
  const auto name = tags.find("Name");
  return name != tags.end() && name->second.is_string() ? name->second.get<std::string>() : "";
}

/// True where the service makes the identifier, so that it says nothing to people.
bool serviceMade(const schema::Type& type) {
  return std::ranges::all_of(type.identifier, [&](const std::string& path) {
    const auto* property = schema::propertyAt(*type.root, "/" + path);
    return property && property->readOnly;
  });
}

/// "channel-J7O8uXQodZX8" of an ARN that ends so, "vpc-0ab1" of itself.
std::string tailOf(const std::string& identifier, const std::string& word) {
  const auto tail = identifier.substr(identifier.find_last_of("/:|") + 1);
  return tail.starts_with(word) ? tail : word + "-" + tail;
}

/// What of a live model only the service can have made: values that are safe to know a resource by wherever
/// they stand.
std::vector<std::pair<std::string, std::string>> madeBy(const schema::Type& type, const Json& live) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& property : type.root->properties) {
    if (!property.readOnly) continue;
    auto value = stringAt(live, property.name);
    const bool identifies = std::ranges::find(type.identifier, property.name) != type.identifier.end();
    if (!value.empty() && (identifies || value.starts_with("arn:")))
      out.emplace_back(std::move(value), "/" + escapePointer(property.name));
  }
  return out;
}

/// `value` with what others made as references to them.
Json linked(const Json& value, const std::map<std::string, Reference>& made) {
  if (value.is_string()) {
    const auto found = made.find(value.get<std::string>());
    return found == made.end() ? value : refer(found->second);
  }
  if (!value.is_structured()) return value;
  auto out = value;
  for (auto& inner : out) inner = linked(inner, made);
  return out;
}

std::string shownIdentifier(const schema::Type& type) {
  return fmt::format("\"{}\"", fmt::join(type.identifier, "|"));
}

Task<std::optional<provider::Live>> readOne(provider::Provider* provider, Slots slots, std::string type,
                                            std::string identifier) {
  const auto slot = co_await slots.take();
  co_return co_await provider->read(std::move(type), std::move(identifier));
}

}  // namespace

std::string idFrom(const std::string& name, const std::string& word) {
  auto text = name;
  if (text.starts_with("arn:")) text = text.substr(text.find_last_of("/:") + 1);
  std::string out;
  bool begins = false;
  for (const char c : text) {
    if (!isAlphanumeric(c)) {
      begins = !out.empty();
      continue;
    }
    const bool lower = c >= 'a' && c <= 'z';
    out += begins && lower ? static_cast<char>(c - 'a' + 'A') : c;
    begins = false;
  }
  out = schema::camelCase(out);
  const bool letter = !out.empty() && (out.front() < '0' || out.front() > '9');
  return letter ? out : word + out;
}

Import::Import(Context context, Settings settings)
    : context_(context), settings_(std::move(settings)), history_(context_, settings_) {}

Task<> Import::begin() { return redacted(&redaction_, makeReady()); }
Task<Imports> Import::one(const schema::Type* type, std::string identifier, std::string id) {
  return redacted(&redaction_, takeOne(type, std::move(identifier), std::move(id)));
}
Task<Imports> Import::all(const schema::Type* type) { return redacted(&redaction_, takeAll(type)); }
Task<> Import::record(Imports imports) { return redacted(&redaction_, recordAll(std::move(imports))); }

Task<> Import::makeReady() {
  co_await finishInterrupted(context_, settings_);
  journal_ = std::make_unique<Journal>(context_.loop, context_.store.lock(settings_.scope, settings_.command),
                                       redaction_);
  co_await history_.endInterrupted(journal_.get());
}

/// Reads the records, and refuses another target than theirs and a type that nothing could be declared of.
Task<Imports> Import::open(const schema::Type* type) {
  if (!type->deployable())
    throw Error(ErrorCode::refused,
                fmt::format("{} cannot be imported: {}", type->name, type->notDeployable));
  target_ = co_await context_.providers.target("", "");
  recorded_ = context_.store.resources(settings_.scope);
  const auto info = context_.store.info(settings_.scope);
  if (info && !recorded_.empty() && !(info->target == target_))
    throw otherTarget(*info, target_)
        .next("aim the command at the same target, or choose another --stage for this one");
  for (const auto& entry : context_.store.journal(settings_.scope)) taken_.insert(entry.id);
  for (const auto& resource : recorded_) {
    taken_.insert(resource.id);
    redaction_.add(resource);
    const auto* one = context_.catalogue.find(resource.type);
    if (!one || resource.status != Resource::Status::created) continue;
    for (auto& [value, path] : madeBy(*one, resource.outputs)) made_.try_emplace(value, resource.id, path);
  }
  co_return Imports{.scope = settings_.scope, .target = target_};
}

const std::string* Import::recordedAs(const std::string& type, const std::string& identifier) const {
  const auto found = std::ranges::find_if(recorded_, [&](const Resource& one) {
    return one.type == type && one.identifier == identifier && one.target == target_;
  });
  return found == recorded_.end() ? nullptr : &found->id;
}

Task<Imports> Import::takeOne(const schema::Type* type, std::string identifier, std::string id) {
  auto imports = co_await open(type);
  const auto parts = schema::identifierParts(*type, identifier);
  if (!parts)
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is no identifier of {}", identifier, type->name))
        .next(fmt::format("It has the form {}, or is JSON with these names.", shownIdentifier(*type)));
  identifier = schema::identifierOf(*type, *parts).value_or(identifier);
  auto live = co_await context_.providers.provider(target_).read(type->name, identifier);
  if (!live)
    throw Error(ErrorCode::notFound,
                fmt::format("there is no {} \"{}\" in {}", type->name, identifier, toString(target_)))
        .next(fmt::format("It is named by its identifier, {}. `athanor import --all {} --dry-run` shows all "
                          "that are there.",
                          shownIdentifier(*type), type->name));
  if (const auto* known = recordedAs(type->name, live->identifier))
    throw Error(ErrorCode::refused, fmt::format("{} is recorded already, as {}", live->identifier, *known))
        .of(*known)
        .next(fmt::format("`athanor state mv {} NEW` gives it another id.", *known));
  if (taken_.contains(id))
    throw Error(ErrorCode::refused, fmt::format("the id \"{}\" is taken", id))
        .of(id)
        .next("choose another with --id");
  imports.found.push_back(take(*type, std::move(*live), std::move(id)));
  co_return imports;
}

Task<Imports> Import::takeAll(const schema::Type* type) {
  auto imports = co_await open(type);
  auto& provider = context_.providers.provider(target_);
  std::set<std::string> identifiers;
  for (auto& listed : co_await provider.list(type->name, Json::object())) {
    if (const auto* known = recordedAs(type->name, listed.identifier))
      imports.known.push_back({*known, listed.identifier});
    else
      identifiers.insert(std::move(listed.identifier));
  }
  const Slots slots(readsAtOnce);
  std::vector<std::pair<std::string, Later<std::optional<provider::Live>>>> reads;
  reads.reserve(identifiers.size());
  for (const auto& identifier : identifiers)
    reads.emplace_back(identifier, start(readOne(&provider, slots, type->name, identifier)));
  std::exception_ptr failure;
  for (const auto& [identifier, read] : reads) {
    try {
      if (auto live = co_await read) imports.found.push_back(take(*type, std::move(*live), ""));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::provider)
        imports.notes.push_back(
            redaction_.text(fmt::format("{} cannot be read: {}", identifier, error.what())));
      else
        failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  co_return imports;
}

std::string Import::freshId(const schema::Type& type, const Json& live, const std::string& identifier) const {
  const auto word = wordOf(type);
  auto name = nameOf(type, live);
  if (std::ranges::none_of(name, isAlphanumeric))
    name = serviceMade(type) ? tailOf(identifier, word) : identifier;
  auto id = idFrom(name, word);
  if (taken_.contains(id)) id = idFrom(id + "-" + word, word);
  auto fresh = id;
  for (int number = 2; taken_.contains(fresh); ++number) fresh = fmt::format("{}{}", id, number);
  return fresh;
}

Imports::One Import::take(const schema::Type& type, provider::Live live, std::string id) {
  Imports::One one;
  auto& resource = one.resource;
  resource.id = id.empty() ? freshId(type, live.properties, live.identifier) : std::move(id);
  resource.type = type.name;
  resource.identifier = std::move(live.identifier);
  resource.target = target_;
  auto sent = schema::writable(type, live.properties);
  auto props = linked(sent, made_);
  resource.setProps(std::move(props), std::move(sent));
  resource.outputs = std::move(live.properties);
  resource.secrets = redaction_.pointers(resource.props);
  for (const auto& reference : references(resource.props))
    if (std::ranges::find(resource.dependsOn, reference.id) == resource.dependsOn.end())
      resource.dependsOn.push_back(reference.id);
  for (const auto& problem : schema::validate(type, resource.resolved())) {
    if (problem.kind != schema::Problem::Kind::missing) {
      one.problems.push_back(redaction_.text(
          fmt::format("{}: {}", schema::camelPath(*type.root, problem.pointer), problem.text(*type.root))));
      continue;
    }
    one.missing.push_back(problem.pointer);
    // Given by the program, it would differ from a record that lacks it, and only a new resource can get it.
    const auto* property = schema::propertyAt(*type.root, problem.pointer);
    if (property && property->createOnly) resource.options.ignoreChanges.push_back(problem.pointer);
  }
  taken_.insert(resource.id);
  for (auto& [value, path] : madeBy(type, resource.outputs)) made_.try_emplace(value, resource.id, path);
  return one;
}

Task<> Import::recordAll(Imports imports) {
  if (imports.found.empty()) co_return;
  std::vector<state::Write> writes;
  const auto info = context_.store.info(settings_.scope);
  if (!info || !(info->target == target_)) writes.push_back(state::Note{info ? info->program : "", target_});
  for (auto& one : imports.found) {
    auto sealed = secrets(*context_.catalogue.find(one.resource.type), one.resource.resolved());
    writes.push_back(state::Put{std::move(one.resource), std::move(sealed)});
  }
  auto run = recordingRun(settings_, info ? info->program : "", target_, {.adopt = imports.found.size()},
                          context_.loop.now());
  writes.push_back(state::Log{&run});
  co_await journal_->commit(std::move(writes));
}

}  // namespace athanor::engine
