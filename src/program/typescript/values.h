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
  /// itself.
  using Takes = std::function<bool(const std::string& name, JS::HandleValue value)>;
  Json propsToJson(JS::HandleObject props, const Takes& takes);
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

 private:
  Json objectToJson(JS::HandleObject object, const std::string& path);
  Json membersToJson(JS::HandleObject object, const std::string& path, const Takes& takes);
  Json listToJson(JS::HandleObject object, const std::string& path);
  void refuse(JS::HandleObject object, const std::string& path);
  JSObject* prototypeOf(const schema::Shape& shape);
  void identify(JS::HandleObject object, const engine::Outputs& outputs, const schema::Type* type);

  Pass& pass_;
  JS::PersistentRooted<JS::PropertyKey> mark_;
  JS::PersistentRootedObjectVector open_;  ///< the objects that toJson() is inside of
  std::map<const schema::Shape*, JS::PersistentRootedObject> prototypes_;
};

}  // namespace athanor::program
