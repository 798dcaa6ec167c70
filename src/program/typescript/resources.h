#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "engine/program.h"
#include "program/typescript/js.h"
#include "program/typescript/values.h"
#include "schema/catalogue.h"

namespace athanor::program {

/// `AWS.<Service>.<Resource>(id, props, options)` and `.get(identifier, options)`: reads the call, hands it
/// to the host, and settles its promise when the answer comes.
class Resources {
 public:
  explicit Resources(Pass& pass) : pass_(pass) {}
  /// Puts `resource(service, name)`, which gives such a function, and `target(property)` on `natives`.
  void define(JSContext* cx, JS::HandleObject natives);

 private:
  /// What one resource function stands for.
  struct Kind {
    std::string spelled;  ///< "AWS.IVS.Channel" as the program wrote it
    std::string service, resource;
    const schema::Type* type = nullptr;     ///< null where AWS has no such type
    std::unique_ptr<schema::Type> standIn;  ///< a type of that name of which nothing is known
  };
  /// A call that waits for the host.
  struct Call {
    Call(JSContext* cx, JSObject* thePromise, JSObject* theStack)
        : promise(cx, thePromise), stack(cx, theStack) {}
    JS::PersistentRootedObject promise, stack;
    const schema::Type* type = nullptr;
    std::shared_ptr<void> busy;
  };
  using Start = Task<engine::Outputs> (*)(Pass&, Kind&, const JS::CallArgs&, SourcePlace);

  static void nativeResource(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  static void nativeDefaultTags(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  static void nativeTarget(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  template <Start start>
  static void nativeCall(Pass& pass, JSContext* cx, const JS::CallArgs& args);
  static Task<engine::Outputs> declare(Pass& pass, Kind& kind, const JS::CallArgs& args, SourcePlace source);
  static Task<engine::Outputs> get(Pass& pass, Kind& kind, const JS::CallArgs& args, SourcePlace source);
  static void readProps(Pass& pass, Kind& kind, JS::HandleValue value, Declaration& into,
                        const Values::Mistake& mistake);
  static Task<engine::Outputs> unknown(std::string type);
  static Task<> wait(std::weak_ptr<Pass> weak, std::uint64_t number, Task<engine::Outputs> work);

  Kind& kindOf(const std::string& service, const std::string& resource);
  const schema::Type& typeOf(Kind& kind) const;
  const schema::Type& typeToDeclare(Kind& kind);
  Error noSuchType(const Kind& kind) const;
  void settle(std::uint64_t number, const std::optional<engine::Outputs>& outputs,
              const std::exception_ptr& error);

  Pass& pass_;
  std::map<std::pair<std::string, std::string>, Kind> kinds_;
  schema::Shape anything_;
  Json defaultTags_ = Json::object();  ///< what AWS.defaultTags() was given last
  std::map<std::uint64_t, Call> calls_;
  std::uint64_t last_ = 0;
};

}  // namespace athanor::program
