#include "base/reference.h"

#include <algorithm>

namespace athanor {

namespace {
constexpr auto refKey = "$athanor.ref";
constexpr auto textKey = "$athanor.text";

bool isMarker(const Json& value, const char* key) {
  return value.is_object() && value.size() == 1 && value.begin().key() == key;
}

void collect(const Json& value, std::vector<Reference>& out) {
  if (auto reference = asReference(value)) {
    if (std::ranges::find(out, *reference) == out.end()) out.push_back(*reference);
  } else if (value.is_structured()) {
    for (const auto& inner : value) collect(inner, out);
  }
}

Json join(const Json& pieces) {
  Json known = Json::array();
  for (const auto& piece : pieces) {
    if (isUnknown(piece) || known.empty() || !known.back().is_string() || isUnknown(known.back())) {
      known.push_back(isUnknown(piece) || piece.is_string() ? piece : Json(piece.dump()));
    } else {
      known.back() =
          known.back().get<std::string>() + (piece.is_string() ? piece.get<std::string>() : piece.dump());
    }
  }
  if (known.size() == 1 && known[0].is_string()) return known[0];
  return Json{{textKey, std::move(known)}};
}
}  // namespace

Json refer(const Reference& reference) {
  return Json{{refKey, {{"id", reference.id}, {"path", reference.path}}}};
}
Json text(std::vector<Json> pieces) { return join(Json(std::move(pieces))); }

std::optional<Reference> asReference(const Json& value) {
  if (!isMarker(value, refKey)) return {};
  const auto& inner = value.begin().value();
  return Reference{stringAt(inner, "id"), stringAt(inner, "path")};
}

bool isUnknown(const Json& value) { return isMarker(value, refKey) || isMarker(value, textKey); }

bool hasUnknown(const Json& value) {
  if (isUnknown(value)) return true;
  if (!value.is_structured()) return false;
  return std::ranges::any_of(value, [](const Json& inner) { return hasUnknown(inner); });
}

std::vector<Reference> references(const Json& value) {
  std::vector<Reference> out;
  collect(value, out);
  return out;
}

Json substitute(const Json& value, const std::function<std::optional<Json>(const Reference&)>& find) {
  if (auto reference = asReference(value)) return find(*reference).value_or(value);
  if (isMarker(value, textKey)) {
    Json pieces = Json::array();
    for (const auto& piece : value.begin().value()) pieces.push_back(substitute(piece, find));
    return join(pieces);
  }
  if (value.is_object()) {
    Json out = Json::object();
    for (const auto& [key, inner] : value.items()) out[key] = substitute(inner, find);
    return out;
  }
  if (value.is_array()) {
    Json out = Json::array();
    for (const auto& inner : value) out.push_back(substitute(inner, find));
    return out;
  }
  return value;
}

}  // namespace athanor
