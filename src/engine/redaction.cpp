#include "engine/redaction.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/reference.h"
#include "engine/check.h"
#include "state/secrets.h"

namespace athanor::engine {

namespace {

constexpr auto shown = "(secret)";
constexpr std::size_t shortest = 4;
/// A line of a secret of several lines is looked for by itself from this length on.
constexpr std::size_t shortestLine = 8;

/// As it stands inside of a JSON text.
std::string escaped(const std::string& text) {
  const auto quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Redaction::add(const Json& secret) {
  if (isUnknown(secret) || state::isSealed(secret)) return;
  if (secret.is_string())
    addText(secret.get<std::string>());
  else if (secret.is_number())
    addText(secret.dump());
  else if (secret.is_structured())
    for (const auto& inner : secret) add(inner);
}

void Redaction::add(const Resource& recorded) {
  for (const auto& pointer : recorded.secrets) {
    const Json::json_pointer at(pointer);
    for (const auto* tree : {&recorded.resolved(), &recorded.outputs})
      if (tree->contains(at)) add((*tree)[at]);
  }
}

void Redaction::add(const Declaration& declaration) {
  for (const auto& pointer : declaration.secrets)
    if (const Json::json_pointer at(pointer); declaration.props.contains(at)) add(declaration.props[at]);
}

void Redaction::addText(const std::string& secret) {
  std::vector<std::string> fresh = {secret};
  for (std::size_t begin = 0; secret.contains('\n') && begin < secret.size();) {
    const auto end = std::min(secret.find('\n', begin), secret.size());
    if (end - begin >= shortestLine) fresh.push_back(secret.substr(begin, end - begin));
    begin = end + 1;
  }
  for (std::size_t i = 0, count = fresh.size(); i < count; ++i) {
    fresh.push_back(escaped(fresh[i]));
    fresh.push_back(escaped(fresh.back()));
  }
  for (auto& form : fresh)
    if (form.size() >= shortest && std::ranges::find(forms_, form) == forms_.end())
      forms_.push_back(std::move(form));
  std::ranges::sort(forms_, std::ranges::greater(), &std::string::size);
}

bool Redaction::holdsText(std::string_view text) const {
  return std::ranges::any_of(forms_, [&](const std::string& form) { return text.contains(form); });
}

std::string Redaction::text(std::string_view text) const {
  std::string out(text);
  for (const auto& form : forms_)
    for (auto at = out.find(form); at != std::string::npos; at = out.find(form, at + std::strlen(shown)))
      out.replace(at, form.size(), shown);
  return out;
}

Json Redaction::value(const Json& value) const {
  if (forms_.empty()) return value;
  if (value.is_string()) return text(value.get_ref<const std::string&>());
  if (value.is_number()) return holdsText(value.dump()) ? Json(shown) : value;
  if (value.is_array()) {
    Json out = Json::array();
    for (const auto& inner : value) out.push_back(this->value(inner));
    return out;
  }
  if (value.is_object()) {
    Json out = Json::object();
    for (const auto& [key, inner] : value.items()) out[text(key)] = this->value(inner);
    return out;
  }
  return value;
}

Error Redaction::error(const Error& error) const {
  if (forms_.empty()) return error;
  return Error(error.code(), text(error.what()))
      .at(error.place())
      .of(text(error.resource()))
      .in(text(error.path()))
      .with(text(error.detail()))
      .next(text(error.hint()));
}

std::vector<std::string> Redaction::pointers(const Json& tree) const {
  std::vector<std::string> out;
  if (!forms_.empty()) collect(tree, "", out);
  return out;
}

void Redaction::collect(const Json& value, const std::string& at, std::vector<std::string>& out) const {
  if (value.is_string() ? holdsText(value.get_ref<const std::string&>())
                        : value.is_number() && holdsText(value.dump())) {
    out.push_back(at);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) collect(value[i], at + "/" + std::to_string(i), out);
  } else if (value.is_object() && !asReference(value)) {
    const bool text = isUnknown(value);  // a text with references inside is one value
    for (const auto& [key, inner] : value.items()) {
      if (text && holdsText(inner.dump())) return out.push_back(at);
      if (holdsText(key)) return out.push_back(at);
      collect(inner, at + "/" + escapePointer(key), out);
    }
  }
}

Json hidden(Json tree, const std::vector<std::string>& pointers) {
  for (const auto& pointer : pointers)
    if (const Json::json_pointer at(pointer); tree.contains(at)) tree[at] = shown;
  return tree;
}

std::vector<std::string> united(std::vector<std::string> one, std::vector<std::string> other) {
  std::ranges::move(other, std::back_inserter(one));
  std::ranges::sort(one);
  const auto rest = std::ranges::unique(one);
  one.erase(rest.begin(), rest.end());
  return one;
}

void RedactedReporter::succeeded(const plan::Step& step, const Json& outputs) {
  auto pointers = step.declaration.secrets;
  if (const auto* type = catalogue_.find(step.type))
    pointers = united(std::move(pointers), secrets(*type, outputs));
  to_.succeeded(step, redaction_.value(hidden(outputs, pointers)));
}

}  // namespace athanor::engine
