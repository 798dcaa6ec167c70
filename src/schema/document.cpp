#include "schema/document.h"

#include <string>

namespace athanor::schema {

namespace {
const Json nothing = Json::object();

/// Makes `node` an object of its own where it only refers to a shared one.
void own(const Json& schema, Json& node) {
  const auto reference = node.find("$ref");
  if (reference == node.end()) return;
  Json copy = resolved(schema, node);
  if (reference->is_string() && !copy.contains("title")) {
    const auto& name = reference->get_ref<const std::string&>();
    copy["title"] = name.substr(name.rfind('/') + 1);
  }
  node.erase("$ref");
  copy.update(node);
  node = std::move(copy);
}

void merge(const Json& schema, Json& node, const Json& patch) {
  if (!node.is_object()) node = Json::object();
  own(schema, node);
  for (const auto& [word, value] : patch.items()) {
    if (value.is_null()) {
      node.erase(word);
    } else if (word == "properties" && value.is_object()) {
      for (const auto& [name, inner] : value.items()) merge(schema, node[word][name], inner);
    } else if (word == "items" && value.is_object()) {
      merge(schema, node[word], value);
    } else {
      node[word] = value;
    }
  }
}

/// The value of a list or map, where `node` is one; null where it is neither.
Json* element(Json& node) {
  for (const char* word : {"items", "additionalProperties"})
    if (auto found = node.find(word); found != node.end() && found->is_object()) return &*found;
  if (auto found = node.find("patternProperties");
      found != node.end() && found->is_object() && !found->empty())
    return &found->begin().value();
  return nullptr;
}

std::string nextStep(std::string_view& path) {
  const auto end = std::min(path.find('/'), path.size());
  std::string step(path.substr(0, end));
  path.remove_prefix(std::min(end + 1, path.size()));
  return step;
}
}  // namespace

const Json& resolved(const Json& schema, const Json& node) {
  const Json* at = &node;
  for (int hops = 0; hops < 16; ++hops) {
    if (!at->is_object()) return nothing;
    const auto reference = at->find("$ref");
    if (reference == at->end()) return *at;
    if (!reference->is_string()) return nothing;
    const auto& text = reference->get_ref<const std::string&>();
    if (!text.starts_with("#/")) return nothing;
    at = &schema;
    for (std::string_view rest = std::string_view(text).substr(2); !rest.empty();) {
      if (!at->is_object()) return nothing;
      const auto found = at->find(nextStep(rest));
      if (found == at->end()) return nothing;
      at = &*found;
    }
  }
  return nothing;
}

void overlay(Json& schema, const Json& patch) {
  const Json before = schema;  // what references lead to while the schema changes
  merge(before, schema, patch);
}

bool mark(Json& schema, std::string_view path, const char* word) {
  Json* node = &schema;
  for (std::string_view rest = path; !rest.empty();) {
    const auto step = nextStep(rest);
    if (!node->is_object()) return false;
    own(schema, *node);
    Json* inner = nullptr;
    if (auto found = node->find("properties");
        found != node->end() && found->is_object() && found->contains(step))
      inner = &(*found)[step];
    while (!inner) {
      Json* through = element(*node);
      if (!through) break;
      own(schema, *through);
      node = through;
      if (step == "*" || step == "[]" || step == "items")
        inner = node;
      else if (auto found = node->find("properties"); found != node->end() && found->contains(step))
        inner = &(*found)[step];
    }
    if (!inner) return false;
    node = inner;
  }
  if (!node->is_object() || node == &schema) return false;
  (*node)[word] = true;
  return true;
}

}  // namespace athanor::schema
