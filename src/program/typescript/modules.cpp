#include "program/typescript/modules.h"

#include <fmt/format.h>

#include <filesystem>

#include "program/typescript/pass.h"

#include <js/Modules.h>

namespace athanor::program {

namespace {

/// As a URL of a file: what is not plain is percent-encoded.
std::string urlOf(const std::string& path) {
  std::string out = "file://";
  for (const char c : path) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) || std::string_view("/-_.~!$&'()*+,;=:@").contains(c);
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

void Modules::hook(JSRuntime* runtime) {
  JS::SetModuleResolveHook(runtime, resolveHook);
  JS::SetModuleMetadataHook(runtime, metaHook);
  JS::SetModuleDynamicImportHook(runtime, dynamicHook);
}

JSObject* Modules::load(const std::string& name) {
  if (auto found = modules_.find(name); found != modules_.end()) return found->second;
  JSContext* cx = pass_.context();
  const Source& source = sources_.load(cx, name);
  mentionsTarget_ = mentionsTarget_ || source.mentionsTarget;
  const JS::RootedObject module(
      cx, check(JS::InstantiateModuleStencil(cx, JS::InstantiateOptions(), source.compiled.get())));
  JS::SetModulePrivate(module, JS::StringValue(toJsString(cx, name)));
  modules_.emplace(std::piecewise_construct, std::forward_as_tuple(name), std::forward_as_tuple(cx, module));
  return module;
}

void Modules::link(JS::HandleObject module) { check(JS::ModuleInstantiate(pass_.context(), module)); }

JSObject* Modules::evaluate(JS::HandleObject module) {
  JS::RootedValue promise(pass_.context());
  check(JS::ModuleEvaluate(pass_.context(), module, &promise));
  return promise.isObject() ? &promise.toObject() : nullptr;
}

JSObject* Modules::import(JS::HandleObject request, JS::HandleValue importer) {
  JSContext* cx = pass_.context();
  const JS::RootedString specifier(cx, JS::GetModuleRequestSpecifier(cx, request));
  const auto from = importer.isString() ? toUtf8(cx, importer) : std::string();
  const auto name = [&] {
    try {
      return Sources::resolve(toUtf8(cx, specifier), from);
    } catch (const Error& error) {
      throw Error(error).at(pass_.failures().importPlace(from, toUtf8(cx, specifier)));
    }
  }();
  return load(name);
}

JSObject* Modules::resolveHook(JSContext* cx, JS::Handle<JS::Value> importer, JS::Handle<JSObject*> request) {
  try {
    return currentPass(cx).modules().import(request, importer);
  } catch (const Thrown&) {  // NOLINT(bugprone-empty-catch): the exception is pending in JavaScript
  } catch (...) {
    raise(cx, std::current_exception());
  }
  return nullptr;
}

void Modules::describe(JS::HandleObject meta, const std::string& name) {
  JSContext* cx = pass_.context();
  if (Sources::isOurs(name)) {
    const JS::RootedValue exports(cx, pass_.exportsOf(name));
    return define(cx, meta, "exports", exports);
  }
  define(cx, meta, "url", urlOf(name));
  define(cx, meta, "filename", name);
  define(cx, meta, "dirname", std::filesystem::path(name).parent_path().string());
}

bool Modules::metaHook(JSContext* cx, JS::Handle<JS::Value> module, JS::Handle<JSObject*> meta) {
  try {
    currentPass(cx).modules().describe(meta, toUtf8(cx, module));
    return true;
  } catch (const Thrown&) {  // NOLINT(bugprone-empty-catch): the exception is pending in JavaScript
  } catch (...) {
    raise(cx, std::current_exception());
  }
  return false;
}

/// What an `import()` needs to go on after the deployment's target has arrived.
struct Modules::Dynamic {
  Dynamic(JSContext* cx, JSObject* theModule, const JS::Value& theImporter, JSObject* theRequest,
          JSObject* thePromise)
      : module(cx, theModule), importer(cx, theImporter), request(cx, theRequest), promise(cx, thePromise) {}
  JS::PersistentRootedObject module;
  JS::PersistentRootedValue importer;
  JS::PersistentRootedObject request, promise;
};

bool Modules::dynamicHook(JSContext* cx, JS::Handle<JS::Value> importer, JS::Handle<JSObject*> request,
                          JS::Handle<JSObject*> promise) {
  Pass& pass = currentPass(cx);
  auto finish = [](JSContext* context, JS::HandleObject evaluation, const Dynamic& of) {
    const JS::RootedValue from(context, of.importer);
    const JS::RootedObject what(context, of.request);
    const JS::RootedObject answer(context, of.promise);
    return JS::FinishDynamicModuleImport(context, evaluation, from, what, answer);
  };
  auto waiting = std::make_shared<Dynamic>(cx, nullptr, importer, request, promise);
  try {
    Modules& modules = pass.modules();
    const JS::RootedObject module(cx, modules.import(request, importer));
    waiting->module = module;
    modules.link(module);
    pass.whenTargetKnown(modules.mentionsTarget_, [waiting, finish](Pass& later) {
      const JS::RootedObject linked(later.context(), waiting->module);
      JS::RootedObject evaluation(later.context());
      try {
        evaluation = later.modules().evaluate(linked);
      } catch (const Thrown&) {
        if (!JS_IsExceptionPending(later.context())) throw;
      }
      check(finish(later.context(), evaluation, *waiting));
    });
    return true;
  } catch (const Thrown&) {
    if (!JS_IsExceptionPending(cx)) return false;
  } catch (...) {
    raise(cx, std::current_exception());
  }
  return finish(cx, nullptr, *waiting);
}

}  // namespace athanor::program
