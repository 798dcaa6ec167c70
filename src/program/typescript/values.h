#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/json.h"
#include "engine/program.h"
#include "program/typescript/js.h"
#include "schema/type.h"

namespace athanor::program {

/// Values across the border: what the program hands over as JSON, what the engine gives back as objects.
class Values {
 public:
  explicit Values(Pass& pass);

  /// `value` as JSON, with references (base/reference.h) where it holds what is not known yet; none where it
  /// is undefined. `path` is how the user names the value. Throws Error(validation) that names the path of
  /// what cannot be passed on (functions, symbols, cycles, whole resources, promises …).
  std::optional<Json> toJson(JS::HandleValue value, const std::string& path);
  /// The properties of an object. `takes(name, value)` sees each first, and gives true for what it keeps for
  /// itself. `mistake` hears of each value that cannot be passed on; it then counts as not known.
  using Takes = std::function<bool(const std::string& name, JS::HandleValue value)>;
  using Mistake = std::function<void(const Error& mistake)>;
  Json propsToJson(JS::HandleObject props, const Takes& takes, const Mistake& mistake);
  /// Puts the values of secrets in the places where toJson() left them out; gives the JSON pointers of these.
  std::vector<std::string> openSecrets(Json& props) const;
  /// The value of what `alchemy.secret()` made; none of any other object.
  std::optional<Json> secretValue(JS::HandleObject object);
  /// A secret was made into a text, which says "(secret)".
  void secretShown() { secretShown_ = true; }
  /// Own enumerable string keys.
  std::vector<std::string> keysOf(JS::HandleObject object);

  /// The object that the program gets for a resource.
  JSObject* fromOutputs(const engine::Outputs& outputs, const schema::Type* type);
  /// A value in AWS's casing as the program sees it.
  JS::Value fromJson(const Json& value, const schema::Shape* shape);
  /// The declared id of a resource that fromOutputs() made; none for any other object.
  std::optional<std::string> resourceId(JS::HandleObject object);
  /// The symbol under which a resource keeps its id.
  JS::Value resourceMark() const;
  /// The symbol under which a secret gives its value.
  JS::Value secretMark() const;

 private:
  Json objectToJson(JS::HandleObject object, const std::string& path);
  Json membersToJson(JS::HandleObject object, const std::string& path, const Takes& takes);
  Json textToJson(JS::HandleValue value, const std::string& path);
  Json unread(const Error& mistake) const;
  Json listToJson(JS::HandleObject object, const std::string& path);
  void refuse(JS::HandleObject object, const std::string& path);
  JSObject* prototypeOf(const schema::Shape& shape);
  void identify(JS::HandleObject object, const engine::Outputs& outputs, const schema::Type* type);

  Pass& pass_;
  JS::PersistentRooted<JS::PropertyKey> mark_, secretMark_;
  std::vector<Json> secrets_;  ///< those met so far; a reference stands in the place of each
  bool secretShown_ = false;
  const Mistake* mistake_ = nullptr;       ///< while propsToJson() runs
  JS::PersistentRootedObjectVector open_;  ///< the objects that toJson() is inside of
  std::map<const schema::Shape*, JS::PersistentRootedObject> prototypes_;
};

}  // namespace athanor::program
