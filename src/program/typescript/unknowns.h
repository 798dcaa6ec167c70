#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/reference.h"
#include "program/typescript/js.h"
#include "schema/type.h"

namespace athanor::program {

/// The values of a preview that are not known yet. The program holds a Proxy in place of each; as text it is
/// a placeholder of private-use characters, which becomes a reference again where it arrives in props.
class Unknowns {
 public:
  explicit Unknowns(Pass& pass);
  /// Puts on `natives` what the prelude's proxies ask for.
  void define(JSContext* cx, JS::HandleObject natives);

  /// The Proxy for `reference`; `shape` is what the value will be, or null where that is not known.
  JSObject* make(const Reference& reference, const schema::Shape* shape);
  /// The entry for `reference` without a Proxy.
  std::int32_t add(const Reference& reference, const schema::Shape* shape);
  /// The text that stands for a text with references inside (base/reference.h).
  std::string placeholder(const Json& text);
  /// What `object` stands for, where it is one of our proxies.
  std::optional<Json> valueOf(JS::HandleObject object);

  /// A text of the program with its placeholders turned into references. A damaged placeholder means that the
  /// program computed with the text, which ends the pass.
  Json decode(const std::string& text);
  /// The same for people: `<recording.arn>` in place of each.
  std::string show(const std::string& text) const;
  static bool hasPlaceholder(std::string_view text);

  /// The program cannot go on without this value: tells the host and ends the pass.
  [[noreturn]] void needed(const std::string& what);
  /// The same for what `text` was made from.
  [[noreturn]] void textNeeded(const std::string& text);

 private:
  struct Entry {
    Reference reference;
    const schema::Shape* shape;
    std::string shown;  ///< "recording.arn"
  };
  static void nativeMember(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  static void nativePrimitive(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  static void nativeNeeded(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  static void nativeShown(Pass& pass, JSContext* cx, const JS::CallArgs& args);

  const Entry& at(JS::HandleValue index) const;
  std::string placeholderOf(std::int32_t index);
  JS::Value member(const Entry& of, JS::HandleValue key);
  /// True where values of `kind` inherit `key` from their prototype.
  bool inherited(JSProtoKey kind, JS::HandleId key);
  static std::string shownOf(const Reference& reference);

  Pass& pass_;
  std::vector<Entry> entries_;
  std::map<Reference, std::int32_t> indexes_;
  JS::PersistentRooted<JS::PropertyKey> mark_;  ///< the property of a Proxy that gives its index
};

}  // namespace athanor::program
