#pragma once

#include <map>
#include <string>

#include "program/typescript/sources.h"

namespace athanor::program {

/// The module graph of one pass.
class Modules {
 public:
  Modules(Pass& pass, Sources& sources) : pass_(pass), sources_(sources) {}

  /// Once for a runtime: whose modules an import means is then found through currentPass().
  static void hook(JSRuntime* runtime);

  /// The module of that name, compiled and registered, not yet linked.
  JSObject* load(const std::string& name);
  /// Links a module and all it imports, which loads them.
  void link(JS::HandleObject module);
  /// Runs a linked module; gives the promise of its end.
  JSObject* evaluate(JS::HandleObject module);
  /// True where a module that was loaded may ask for account, region or partition.
  bool mentionsTarget() const { return mentionsTarget_; }

 private:
  static JSObject* resolveHook(JSContext* cx, JS::Handle<JS::Value> importer, JS::Handle<JSObject*> request);
  static bool metaHook(JSContext* cx, JS::Handle<JS::Value> module, JS::Handle<JSObject*> meta);
  static bool dynamicHook(JSContext* cx, JS::Handle<JS::Value> importer, JS::Handle<JSObject*> request,
                          JS::Handle<JSObject*> promise);
  JSObject* import(JS::HandleObject request, JS::HandleValue importer);
  void describe(JS::HandleObject meta, const std::string& name);
  /// Throws Error(program) at the import where the module asks for a name that the other does not export.
  struct Dynamic;

  Pass& pass_;
  Sources& sources_;
  std::map<std::string, JS::PersistentRootedObject> modules_;
  bool mentionsTarget_ = false;
};

}  // namespace athanor::program
