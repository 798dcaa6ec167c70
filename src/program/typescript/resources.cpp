#include "program/typescript/resources.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/preview.h"
#include "program/typescript/frames.h"
#include "program/typescript/options.h"
#include "program/typescript/pass.h"
#include "schema/casing.h"
#include "schema/tags.h"

#include <js/Promise.h>

namespace athanor::program {

namespace {

std::string requiredText(Pass& pass, JS::HandleValue value, const std::string& spelled, const char* what,
                         const char* example) {
  if (value.isObject()) {
    const JS::RootedObject object(pass.context(), &value.toObject());
    if (pass.values().secretValue(object))
      throw Error(ErrorCode::validation, fmt::format("the {} of {} is a secret", what, spelled))
          .next(fmt::format("The {} is shown and recorded: choose a plain text.", what));
  }
  const auto json = pass.values().toJson(value, "");
  if (json && isUnknown(*json)) pass.unknowns().needed(fmt::format("the {} of {}", what, spelled));
  if (!json || !json->is_string() || json->get_ref<const std::string&>().empty())
    throw Error(ErrorCode::validation,
                fmt::format("{} needs {} {}, a text, first", spelled, what[0] == 'i' ? "an" : "a", what))
        .next(fmt::format("Write `await {}({})`.", spelled, example));
  return json->get<std::string>();
}

}  // namespace

void Resources::define(JSContext* cx, JS::HandleObject natives) {
  defineNative<nativeResource>(cx, natives, "resource", 2);
  defineNative<nativeTarget>(cx, natives, "target", 1);
  defineNative<nativeDefaultTags>(cx, natives, "defaultTags", 1);
}

Resources::Kind& Resources::kindOf(const std::string& service, const std::string& resource) {
  const auto [found, fresh] = kinds_.try_emplace({service, resource});
  if (fresh)
    found->second = Kind{.spelled = fmt::format("AWS.{}.{}", service, resource),
                         .service = service,
                         .resource = resource,
                         .type = pass_.catalogue().find(service, resource),
                         .standIn = nullptr};
  return found->second;
}

const schema::Type& Resources::typeOf(Kind& kind) const {
  if (kind.type) return *kind.type;
  throw noSuchType(kind);
}

/// In the preview the host is to tell of an unknown type together with all other mistakes.
const schema::Type& Resources::typeToDeclare(Kind& kind) {
  if (kind.type || !pass_.host().previewing()) return typeOf(kind);
  if (!kind.standIn) {
    kind.standIn = std::make_unique<schema::Type>();
    kind.standIn->name = fmt::format("AWS::{}::{}", kind.service, kind.resource);
    kind.standIn->root = &anything_;
  }
  return *kind.standIn;
}

Error Resources::noSuchType(const Kind& kind) const {
  const auto near = pass_.catalogue().nearest(fmt::format("AWS::{}::{}", kind.service, kind.resource));
  std::string hint = "`athanor schema search WORD` finds types by a word.";
  if (!near.empty()) {
    hint = "Did you mean AWS.";
    for (const char c : near.front().substr(std::string_view("AWS::").size()))
      if (c != ':')
        hint += c;
      else if (hint.back() != '.')
        hint += '.';
    hint += "?";
  }
  return Error(ErrorCode::validation, fmt::format("AWS has no resource type {}", kind.spelled)).next(hint);
}

void Resources::nativeResource(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  Kind& kind = pass.resources().kindOf(toUtf8(cx, args.get(0)), toUtf8(cx, args.get(1)));
  const auto function = [&](JSNative body, unsigned arguments, const char* name) {
    JSObject* object = JS_GetFunctionObject(check(js::NewFunctionWithReserved(cx, body, arguments, 0, name)));
    js::SetFunctionNativeReserved(object, 0, JS::PrivateValue(&kind));
    return object;
  };
  const JS::RootedObject create(cx, function(native<nativeCall<declare>>, 3, kind.resource.c_str()));
  const JS::RootedValue read(cx, JS::ObjectValue(*function(native<nativeCall<get>>, 2, "get")));
  program::define(cx, create, "get", read);
  args.rval().setObject(*create);
}

void Resources::nativeTarget(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  const auto property = toUtf8(cx, args.get(0));
  const auto& target = pass.target();
  // Asked for before the program started wherever the text of a module holds the word.
  if (!target)
    throw Error(ErrorCode::program, fmt::format("AWS.{} is not known yet", property))
        .next(fmt::format("Write `AWS.{}` literally in the module that reads it.", property));
  args.rval().setString(toJsString(cx, property == "accountId" ? target->account
                                       : property == "region"  ? target->region
                                                               : target->partition));
}

void Resources::nativeDefaultTags(Pass& pass, JSContext*, const JS::CallArgs& args) {
  const auto tags = pass.values().toJson(args.get(0), "defaultTags");
  if (tags && isUnknown(*tags)) pass.unknowns().needed("the default tags");
  if (!tags || !tags->is_object())
    throw Error(ErrorCode::validation, "AWS.defaultTags needs an object of texts")
        .next("Write `AWS.defaultTags({ team: \"video\" })`.");
  auto plain = *tags;
  const auto secrets = pass.values().openSecrets(plain);
  for (const auto& [key, value] : tags->items())
    if ((!value.is_string() && !isUnknown(value)) ||
        std::ranges::find(secrets, "/" + escapePointer(key)) != secrets.end())
      throw Error(ErrorCode::validation, fmt::format("the default tag \"{}\" is no text", key))
          .in("defaultTags." + key);
  pass.resources().defaultTags_ = *tags;
}

/// A call never throws: what is wrong with it rejects its promise, with the stack of the call.
template <Resources::Start start>
void Resources::nativeCall(Pass& pass, JSContext* cx, const JS::CallArgs& args) {
  auto& kind = *static_cast<Kind*>(js::GetFunctionNativeReserved(&args.callee(), 0).toPrivate());
  const JS::RootedObject stack(cx, captureStack(cx));
  const JS::RootedObject promise(cx, check(JS::NewPromiseObject(cx, nullptr)));
  const SourcePlace source = placeOf(cx, stack);
  args.rval().setObject(*promise);
  JS::RootedValue reason(cx);
  try {
    Resources& self = pass.resources();
    Task<engine::Outputs> work = start(pass, kind, args, source);
    const auto number = ++self.last_;
    Call& call = self.calls_
                     .emplace(std::piecewise_construct, std::forward_as_tuple(number),
                              std::forward_as_tuple(cx, promise, stack))
                     .first->second;
    call.type = kind.type;
    call.busy = pass.busy();
    spawn(wait(pass.weak_from_this(), number, std::move(work)));
    return;
  } catch (const Thrown&) {
    if (!JS_IsExceptionPending(cx)) throw;
    check(JS_GetPendingException(cx, &reason));
    JS_ClearPendingException(cx);
  } catch (const Error& error) {
    pass.failures().toJs(std::make_exception_ptr(Error(error).at(source)), stack, &reason);
  } catch (...) {
    pass.failures().toJs(std::current_exception(), stack, &reason);
  }
  check(JS::RejectPromise(cx, promise, reason));
}

/// Every mistake goes to the host: in the preview it collects them all, in the replay it throws the first.
Task<engine::Outputs> Resources::declare(Pass& pass, Kind& kind, const JS::CallArgs& args,
                                         SourcePlace source) {
  const auto& type = pass.resources().typeToDeclare(kind);
  Declaration declaration{
      .type = type.name, .id = "", .props = Json::object(), .options = {}, .source = std::move(source)};
  const auto mistake = [&](const Error& error) {
    pass.host().mistake(Error(error).at(declaration.source).of(declaration.id));
  };
  try {
    declaration.id = requiredText(pass, args.get(0), kind.spelled, "id", "\"id\", { … }");
  } catch (const Error& error) {
    mistake(error);
    if (!args.get(1).isObject()) return unknown(type.name);
  }
  readProps(pass, kind, args.get(1), declaration, mistake);
  try {
    readOptions(pass, args.get(2), type, declaration.options, mistake);
  } catch (const Error& error) {
    mistake(error);
  }
  declaration.props = schema::settle(*type.root, declaration.props);
  const auto& tags = pass.resources().defaultTags_;
  if (!tags.empty() && !schema::tagKeysKnown(type, declaration.props))
    pass.unknowns().needed(fmt::format("the keys of the tags of {} \"{}\"", kind.spelled, declaration.id));
  declaration.props = schema::withTags(type, std::move(declaration.props), tags);
  declaration.secrets = pass.values().openSecrets(declaration.props);
  if (!declaration.secrets.empty()) declaration.props = schema::settle(*type.root, declaration.props);
  return pass.host().declare(std::move(declaration));
}

void Resources::readProps(Pass& pass, Kind& kind, JS::HandleValue value, Declaration& into,
                          const Values::Mistake& mistake) {
  const auto& type = pass.resources().typeToDeclare(kind);
  const auto takes = [&](const std::string& name, JS::HandleValue option) {
    if (!isOption(name) || type.root->find(name)) return false;
    try {
      readOption(pass, name, option, name, type, into.options);
    } catch (const Error& error) {
      mistake(error);
    }
    return true;
  };
  if (value.isUndefined()) return;
  try {
    if (!value.isObject()) throw Error(ErrorCode::validation, "the properties must be an object");
    const JS::RootedObject props(pass.context(), &value.toObject());
    if (pass.unknowns().valueOf(props))
      pass.unknowns().needed(fmt::format("the properties of {} \"{}\"", kind.spelled, into.id));
    if (pass.values().secretValue(props))
      throw Error(ErrorCode::validation, "the properties cannot be a secret as a whole")
          .next("Make secrets of the values inside.");
    into.props = pass.values().propsToJson(props, takes, mistake);
  } catch (const Error& error) {
    mistake(error);
  }
}

/// What a call with a mistake resolves to in the preview.
Task<engine::Outputs> Resources::unknown(std::string type) {
  co_return engine::unknownUnmanaged(std::move(type), "");
}

Task<engine::Outputs> Resources::get(Pass& pass, Kind& kind, const JS::CallArgs& args, SourcePlace source) {
  bool mistaken = false;
  const auto mistake = [&](const Error& error) {
    mistaken = true;
    pass.host().mistake(Error(error).at(source));
  };
  const auto& type = pass.resources().typeToDeclare(kind);
  const auto spelled = kind.spelled + ".get";
  std::string identifier;
  Options options;
  try {
    (void)pass.resources().typeOf(kind);
  } catch (const Error& error) {
    mistake(error);
  }
  try {
    identifier = requiredText(pass, args.get(0), spelled, "identifier", "\"identifier\"");
    readOptions(pass, args.get(1), type, options, mistake);
  } catch (const Error& error) {
    mistake(error);
  }
  if (mistaken) return unknown(type.name);
  return pass.host().get(type.name, std::move(identifier), std::move(options), std::move(source));
}

Task<> Resources::wait(std::weak_ptr<Pass> weak, std::uint64_t number, Task<engine::Outputs> work) {
  std::optional<engine::Outputs> outputs;
  std::exception_ptr error;
  try {
    outputs = co_await std::move(work);
  } catch (...) {
    error = std::current_exception();
  }
  // Not from here: this may be inside of the engine, or of the program's own call.
  if (const auto pass = weak.lock())
    pass->later([number, outputs = std::move(outputs), error](Pass& live) {
      live.resources().settle(number, outputs, error);
    });
}

void Resources::settle(std::uint64_t number, const std::optional<engine::Outputs>& outputs,
                       const std::exception_ptr& error) {
  JSContext* cx = pass_.context();
  auto call = calls_.extract(number);
  if (call.empty()) return;
  const JS::RootedObject promise(cx, call.mapped().promise);
  const JS::RootedObject stack(cx, call.mapped().stack);
  JS::RootedValue value(cx);
  if (!error) {
    value.setObject(*pass_.values().fromOutputs(*outputs, call.mapped().type));
    return check(JS::ResolvePromise(cx, promise, value));
  }
  pass_.failures().toJs(error, stack, &value);
  check(JS::RejectPromise(cx, promise, value));
}

}  // namespace athanor::program
