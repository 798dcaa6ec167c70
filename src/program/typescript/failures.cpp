#include "program/typescript/failures.h"

#include <fmt/format.h>

#include "program/typescript/excerpt.h"
#include "program/typescript/frames.h"
#include "program/typescript/pass.h"

#include <js/ErrorReport.h>
#include <js/Symbol.h>
#include <mozilla/Maybe.h>

namespace athanor::program {

namespace {

std::string joined(const std::string& above, const std::string& below) {
  return above.empty() || below.empty() ? above + below : above + "\n" + below;
}

}  // namespace

Failures::Failures(Pass& pass, Sources& sources) : pass_(pass), sources_(sources), mark_(pass.context()) {
  const JS::RootedString description(pass.context(), toJsString(pass.context(), "athanor.error"));
  mark_ = JS::PropertyKey::Symbol(check(JS::NewSymbol(pass.context(), description)));
}

void Failures::raise(std::exception_ptr error) {
  JSContext* cx = pass_.context();
  const JS::RootedObject stack(cx, captureStack(cx));
  JS::RootedValue value(cx);
  toJs(std::move(error), stack, &value);
  JS_SetPendingException(cx, value);
  throw Thrown();
}

void Failures::toJs(std::exception_ptr error, JS::HandleObject stack, JS::MutableHandleValue out) {
  JSContext* cx = pass_.context();
  std::string message;
  std::string code = name(ErrorCode::internal);
  std::string resource;
  std::string path;
  try {
    std::rethrow_exception(error);
  } catch (const Error& ours) {
    message = ours.what();
    code = name(ours.code());
    resource = ours.resource();
    path = ours.path();
    if (!ours.hint().empty()) message += (message.ends_with('.') ? " " : ". ") + ours.hint();
  } catch (const std::exception& other) {
    message = other.what();
  } catch (...) {
    message = "an error of unknown kind";
  }
  const SourcePlace place = stack ? placeOf(cx, stack) : SourcePlace{};
  const JS::RootedString text(cx, toJsString(cx, message));
  const JS::RootedString file(cx, toJsString(cx, place.file));
  const JS::Rooted<mozilla::Maybe<JS::Value>> cause(cx, mozilla::Nothing());
  check(JS::CreateError(cx, JSEXN_ERR, stack, file, static_cast<std::uint32_t>(place.line),
                        static_cast<std::uint32_t>(place.column), nullptr, text, cause, out));
  const JS::RootedObject object(cx, &out.toObject());
  define(cx, object, "code", code);
  if (!resource.empty()) define(cx, object, "resource", resource);
  if (!path.empty()) define(cx, object, "path", path);
  const JS::RootedValue index(cx, JS::Int32Value(static_cast<std::int32_t>(originals_.size())));
  originals_.push_back(std::move(error));
  const JS::RootedId mark(cx, mark_);
  check(JS_DefinePropertyById(cx, object, mark, index, 0));
}

Error Failures::outOfMemory() {
  return at(pass_.place(), ErrorCode::program,
            fmt::format("the program needs more than the {} MiB of memory that it may take",
                        pass_.heapBytes() >> 20));
}

Error Failures::takePending() {
  JSContext* cx = pass_.context();
  if (JS_IsThrowingOutOfMemory(cx)) {
    JS_ClearPendingException(cx);
    return outOfMemory();
  }
  JS::ExceptionStack exception(cx);
  if (!JS::StealPendingExceptionStack(cx, &exception)) {
    JS_ClearPendingException(cx);
    return outOfMemory();
  }
  return fromJs(exception.exception(), exception.stack());
}

Error Failures::fromJs(JS::HandleValue thrown, JS::HandleObject stack) {
  JSContext* cx = pass_.context();
  try {
    if (!thrown.isObject()) {
      const auto text = messageOf(thrown);
      if (text == "\"out of memory\"") return outOfMemory();
      SourcePlace place = stack ? placeOf(cx, stack) : SourcePlace{};
      if (!place.known()) place.file = pass_.file();
      return at(std::move(place), ErrorCode::program,
                fmt::format("the program threw {}, which is no Error", text),
                stack ? program::describe(cx, stack) : "");
    }
    const JS::RootedObject object(cx, &thrown.toObject());
    JS::RootedObject own(cx, JS::ExceptionStackOrNull(object));
    if (!own) own = stack;
    const auto trace = own ? program::describe(cx, own) : std::string();
    const JS::RootedId mark(cx, mark_);
    bool ours = false;
    check(JS_HasOwnPropertyById(cx, object, mark, &ours));
    if (ours) return original(object, trace);

    SourcePlace place = own ? placeOf(cx, own) : SourcePlace{};
    const JSErrorReport* report = JS_ErrorFromException(cx, object);
    // The place of what does not parse is in its report only; its stack is that of the import.
    if (report && report->filename && (report->exnType == JSEXN_SYNTAXERR || !place.known()) &&
        sources_.find(report->filename))
      place = {report->filename, static_cast<int>(report->lineno), static_cast<int>(report->column) + 1};
    return at(std::move(place), ErrorCode::program, messageOf(thrown), joined(trace, causes(object, 0)));
  } catch (const Thrown&) {
    JS_ClearPendingException(cx);
    return {ErrorCode::program, "the program threw what cannot be shown"};
  }
}

Error Failures::at(SourcePlace place, ErrorCode code, const std::string& what, const std::string& stack) {
  const auto line = excerptAt(place);
  return Error(code, what).at(std::move(place)).with(joined(line, stack));
}

/// What came from the host stays what it was; the program's frames are added.
Error Failures::original(JS::HandleObject error, const std::string& stack) {
  JSContext* cx = pass_.context();
  const JS::RootedId mark(cx, mark_);
  JS::RootedValue index(cx);
  check(JS_GetPropertyById(cx, error, mark, &index));
  JS::RootedObject own(cx, JS::ExceptionStackOrNull(error));
  try {
    std::rethrow_exception(originals_.at(static_cast<std::size_t>(index.toInt32())));
  } catch (const Error& ours) {
    SourcePlace place = ours.place();
    if (!place.known() && own) place = placeOf(cx, own);
    const auto detail = ours.detail().empty() ? excerptAt(place) : ours.detail();
    return Error(ours).at(place).with(joined(detail, stack));
  } catch (const std::exception& other) {
    return at(own ? placeOf(cx, own) : SourcePlace{}, ErrorCode::internal, other.what(), stack);
  } catch (...) {
    return at(own ? placeOf(cx, own) : SourcePlace{}, ErrorCode::internal, "an error of unknown kind", stack);
  }
}

std::string Failures::messageOf(JS::HandleValue thrown) {
  JSContext* cx = pass_.context();
  if (thrown.isString()) return Json(toUtf8(cx, thrown)).dump();
  if (thrown.isSymbol()) return "a symbol";
  const auto message = toUtf8(cx, thrown);
  constexpr std::string_view plain = "Error: ";  // says nothing beside "error:"
  return message.starts_with(plain) ? message.substr(plain.size()) : message;
}

std::string Failures::causes(JS::HandleObject error, int depth) {
  JSContext* cx = pass_.context();
  JS::RootedValue cause(cx);
  check(JS_GetProperty(cx, error, "cause", &cause));
  if (cause.isUndefined() || depth > 8) return "";
  auto out = "caused by " + messageOf(cause);
  if (!cause.isObject()) return out;
  const JS::RootedObject object(cx, &cause.toObject());
  if (const JS::RootedObject stack(cx, JS::ExceptionStackOrNull(object)); stack)
    out = joined(out, program::describe(cx, stack));
  return joined(out, causes(object, depth + 1));
}

SourcePlace Failures::importPlace(const std::string& importer, const std::string& specifier) const {
  const Source* source = sources_.find(importer);
  if (!source) return {importer, 0, 0};
  for (const char quote : {'"', '\''}) {
    const auto quoted = quote + specifier + quote;
    if (const auto offset = source->text.find(quoted); offset != std::string::npos)
      return program::placeOf(source->text, offset, importer);
  }
  return {importer, 0, 0};
}

std::string Failures::excerptAt(const SourcePlace& place) const {
  const Source* source = sources_.find(place.file);
  return source ? excerpt(source->text, place) : "";
}

}  // namespace athanor::program
