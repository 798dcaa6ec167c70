#include "local/cloudcontrol/attributes.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/time_text.h"
#include "schema/validate.h"

namespace athanor::local::cloudcontrol {

namespace {

using schema::Kind;
using schema::Property;
using schema::Shape;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// "RecordingConfiguration" → "recording-configuration", "DBInstance" → "db-instance".
std::string dashed(std::string_view name) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool starts =
        i > 0 && upper(name[i]) && (!upper(name[i - 1]) || (i + 1 < name.size() && !upper(name[i + 1])));
    if (starts) out += '-';
    out += name[i];
  }
  return lower(out);
}

std::string segment(const schema::Type& type, int which) {
  std::string_view rest = type.name;
  for (; which > 0; --which) rest.remove_prefix(std::min(rest.find("::") + 2, rest.size()));
  return std::string(rest.substr(0, rest.find("::")));
}

bool ends(std::string_view name, std::initializer_list<std::string_view> with) {
  return std::ranges::any_of(with, [&](auto one) { return name.ends_with(one); });
}
bool has(std::string_view name, std::initializer_list<std::string_view> any) {
  return std::ranges::any_of(any, [&](auto one) { return name.find(one) != std::string_view::npos; });
}

/// True where `value` keeps to the constraints of `shape`.
bool fits(const Shape& shape, const Json& value) {
  Shape root;
  root.kind = Kind::object;
  root.properties.resize(1);
  root.properties.front().name = "Value";
  root.properties.front().shape = &shape;
  schema::Type type;
  type.root = &root;
  return schema::validate(type, {{"Value", value}}, true).empty();
}

bool constrained(const Shape& shape) {
  return !shape.pattern.empty() || shape.minLength || shape.maxLength || shape.minimum || shape.maximum ||
         !shape.allowed.empty();
}

class Giver {
 public:
  Giver(const schema::Type& type, const Birth& birth, Json& model)
      : type_(type),
        birth_(birth),
        model_(model),
        service_(lower(segment(type, 1))),
        resource_(segment(type, 2)),
        lowerId_(lower(birth.id)),
        host_(fmt::format("{}.{}.{}.amazonaws.com", lowerId_, service_, birth.caller.region)) {}

  void run() {
    // The identifier first: ARNs and names are made of it.
    for (const bool arns : {false, true})
      for (const auto& path : type_.identifier)
        if (ends(path, {"Arn", "ARN"}) == arns) identify(path);
    fill(*type_.root, model_, 0);
  }

 private:
  bool identifies(const Property& property) const {
    return std::ranges::find(type_.identifier, property.name) != type_.identifier.end();
  }

  /// Gives the part of the identifier that stands at "A" or "A/B", where the model lacks it.
  void identify(std::string_view path) {
    const Shape* shape = type_.root;
    Json* object = &model_;
    while (shape->kind == Kind::object && object->is_object()) {
      const auto end = std::min(path.find('/'), path.size());
      const auto* property = shape->find(path.substr(0, end));
      if (!property) return;
      const bool last = end == path.size();
      if (!object->contains(property->name))
        (*object)[property->name] = last ? part(*property) : Json::object();
      if (last) return;
      object = &(*object)[property->name];
      shape = property->shape;
      path.remove_prefix(end + 1);
    }
  }

  Json part(const Property& property) {
    auto value = valueFor(property, 0);
    return value.is_null() ? Json(birth_.id) : value;
  }

  void fill(const Shape& shape, Json& model, int depth) {
    if (shape.kind != Kind::object || !model.is_object()) return;
    for (const auto& property : shape.properties) {
      const auto found = model.find(property.name);
      if (found != model.end()) {
        if (!property.readOnly) fill(*property.shape, *found, depth + 1);
      } else if (property.readOnly) {
        if (auto value = valueFor(property, depth); !value.is_null()) model[property.name] = std::move(value);
      }
    }
  }

  /// Null where nothing fits.
  Json valueFor(const Property& property, int depth) {
    const Shape& shape = *property.shape;
    switch (shape.kind) {
      case Kind::string:
        return text(property);
      case Kind::integer:
      case Kind::number:
        return number(property);
      case Kind::boolean:
        return false;
      case Kind::list:
        return shape.minLength.value_or(0) == 0 ? Json::array() : Json();
      case Kind::map:
        return Json::object();
      case Kind::object:
        return object(shape, depth);
      default:
        return {};
    }
  }

  Json object(const Shape& shape, int depth) {
    constexpr int deepest = 3;
    if (depth >= deepest) return {};
    Json out = Json::object();
    for (const auto& inner : shape.properties) {
      auto value = valueFor(inner, depth + 1);
      if (value.is_null() && inner.required) return {};
      if (!value.is_null()) out[inner.name] = std::move(value);
    }
    return out.empty() ? Json() : out;
  }

  Json number(const Property& property) const {
    const Shape& shape = *property.shape;
    const bool integer = shape.kind == Kind::integer;
    double value = ends(property.name, {"Version", "Revision"}) ? 1 : 0;
    if (ends(property.name, {"Port"})) value = 443;
    if (shape.minimum) value = std::max(value, *shape.minimum);
    if (shape.maximum) value = std::min(value, *shape.maximum);
    return integer ? Json(static_cast<std::int64_t>(value)) : Json(value);
  }

  Json text(const Property& property) const {
    const Shape& shape = *property.shape;
    if (!shape.allowed.empty()) return preferred(shape.allowed);
    for (auto& candidate : candidates(property))
      if (!constrained(shape) || fits(shape, candidate)) return std::move(candidate);
    return {};
  }

  /// Of an enumeration: the state of a thing that is ready, else its first value.
  static std::string preferred(const std::vector<std::string>& allowed) {
    static constexpr std::array ready = {"active",    "available",  "enabled",   "ready",
                                         "inservice", "in_service", "completed", "complete",
                                         "succeeded", "success",    "created",   "running"};
    for (const auto* word : ready)
      for (const auto& one : allowed)
        if (lower(one) == word) return one;
    return allowed.front();
  }

  /// What a property may be, the likeliest first.
  std::vector<std::string> candidates(const Property& property) const {
    const std::string_view name = property.name;
    std::vector<std::string> out;
    const auto time = isoTime(birth_.at);
    if (ends(name, {"Arn", "ARN"}))
      out.push_back(own(property) ? arnOf(type_, model_, birth_) : otherArn(name));
    else if (ends(name, {"Time", "Date", "At", "Timestamp"}))
      out.push_back(time);
    else if (has(name, {"Url", "URL", "Uri", "URI"}))
      out.push_back("https://" + host_);
    else if (has(name, {"Endpoint", "Domain", "Dns", "DNS", "HostName", "Address"}))
      out.push_back(host_);
    else if (ends(name, {"Status", "State"}))
      out.emplace_back("ACTIVE");
    else if (ends(name, {"OwnerId", "AccountId", "Account", "Owner"}))
      out.push_back(birth_.caller.account);
    else if (ends(name, {"Region"}))
      out.push_back(birth_.caller.region);
    else if (ends(name, {"Version", "VersionNumber", "Revision", "Port"}))
      out.emplace_back("1");
    else if (ends(name, {"Name"}))
      out.push_back(fmt::format("{}-{}", lower(resource_), lowerId_));
    const auto hex = hexId();
    out.insert(out.end(),
               {birth_.id, lowerId_, hex, fmt::format("{}-{}", dashed(resource_), hex.substr(0, 17)),
                fmt::format("{:.8}-{:.4}-4{:.3}-8{:.3}-{:.12}", hex, hex.substr(8), hex.substr(12),
                            hex.substr(15), hex.substr(18)),
                arnOf(type_, model_, birth_), "https://" + host_, host_, time, birth_.caller.account, "1"});
    return out;
  }

  bool own(const Property& property) const {
    const auto& name = property.name;
    return identifies(property) || name == "Arn" || name == "ARN" || name == resource_ + "Arn" ||
           name == resource_ + "ARN";
  }

  std::string otherArn(std::string_view name) const {
    name.remove_suffix(3);
    return fmt::format("arn:{}:{}:{}:{}:{}/{}", partition(birth_.caller), service_, birth_.caller.region,
                       birth_.caller.account, dashed(name), birth_.id);
  }

  /// 32 hexadecimal digits that depend on the id alone.
  std::string hexId() const {
    std::string out;
    for (std::uint64_t seed = 14695981039346656037U; const char salt : {'a', 'b'}) {
      for (const char c : birth_.id) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211U;
      seed = (seed ^ static_cast<unsigned char>(salt)) * 1099511628211U;
      out += fmt::format("{:016x}", seed);
    }
    return out;
  }

  const schema::Type& type_;
  const Birth& birth_;
  Json& model_;
  std::string service_, resource_, lowerId_, host_;
};

bool isArn(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().starts_with("arn:");
}

/// What a resource is known by, where that is one property that is no ARN.
std::optional<std::string> ownName(const schema::Type& type, const Json& model) {
  if (type.identifier.size() != 1) return {};
  auto own = stringAt(model, type.identifier.front());
  if (own.empty() || isArn(own)) return {};
  return own;
}

/// What stands for ${name} in an ARN template.
std::string filled(const schema::Type& type, const Json& model, const Birth& birth, std::string_view name) {
  auto wanted = lower(name);
  if (wanted == "partition") return partition(birth.caller);
  if (wanted == "region") return birth.caller.region;
  if (wanted == "account" || wanted == "accountid") return birth.caller.account;
  std::string path;  // of an IAM entity: ${RoleNameWithPath} is "team/web"
  if (const std::string_view with = "withpath"; wanted.ends_with(with)) {
    wanted.resize(wanted.size() - with.size());
    path = stringAt(model, "Path", "/").substr(1);
  }
  for (const auto& [key, value] : model.items()) {
    const auto have = lower(key);
    const bool same = have == wanted || lower(segment(type, 2)) + have == wanted || have + "name" == wanted ||
                      (wanted != lower(name) && have.ends_with(wanted));
    if (same && value.is_string() && !isArn(value)) return path + value.get<std::string>();
  }
  return ownName(type, model).value_or(birth.id);
}

}  // namespace

std::string arnOf(const schema::Type& type, const Json& model, const Birth& birth) {
  if (type.arnTemplate.empty()) {
    const auto id = ownName(type, model).value_or(birth.id);
    return fmt::format("arn:{}:{}:{}:{}:{}/{}", partition(birth.caller), lower(segment(type, 1)),
                       birth.caller.region, birth.caller.account, dashed(segment(type, 2)), id);
  }
  std::string out;
  for (std::string_view rest = type.arnTemplate; !rest.empty();) {
    const auto open = std::min(rest.find("${"), rest.size());
    out += rest.substr(0, open);
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const auto close = std::min(rest.find('}'), rest.size() - 1);
    auto value = filled(type, model, birth, rest.substr(2, close - 2));
    // A name that says what it is ("alias/main") says it once.
    if (const auto slash = value.find('/');
        slash != std::string::npos && out.ends_with(value.substr(0, slash + 1)))
      value.erase(0, slash + 1);
    out += value;
    rest.remove_prefix(close + 1);
  }
  return out;
}

void giveAttributes(const schema::Type& type, const Birth& birth, Json& model) {
  Giver(type, birth, model).run();
}

}  // namespace athanor::local::cloudcontrol
