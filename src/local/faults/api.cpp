#include "local/faults/api.h"

#include <algorithm>

#include "base/error.h"
#include "local/cloudcontrol/model.h"
#include "local/faults/description.h"
#include "local/http/guard.h"

namespace athanor::local {

namespace {

http::Response json(const Json& body) {
  return {200, {{"Content-Type", "application/json"}}, body.dump() + "\n"};
}

Json bodyOf(const http::Request& request) {
  constexpr std::size_t deepest = 64;  // what a stack can follow
  if (cloudcontrol::nesting(request.body) > deepest) throw Error(ErrorCode::usage, "the body nests too deep");
  return parseJson(request.body, "the body");
}

}  // namespace

http::Response FaultsApi::answer(const http::Request& request) {
  if (request.method != "GET")
    if (auto refusal = http::refusalOfStrangers(request)) return *std::move(refusal);
  try {
    return request.path == "/_athanor/faults" ? faults(request) : resources(request);
  } catch (const Error& error) {
    return http::problem(400, error.what(), error.hint());
  } catch (const cloudcontrol::ApiError& error) {
    return http::problem(400, error.what());
  } catch (const cloudcontrol::HandlerFailure& failure) {
    return http::problem(failure.code() == "NotFound" ? 404 : 409, failure.what());
  }
}

http::Response FaultsApi::listed() const { return json({{"faults", faults_.list()}}); }

void FaultsApi::check(const std::vector<Fault>& faults) const {
  if (!hooks_.mayStop && std::ranges::find(faults, Fault::Kind::stop, &Fault::kind) != faults.end())
    throw Error(ErrorCode::refused, "this AWS runs inside of another command, which a fault may not stop")
        .next("Start one of its own: athanor local.");
}

void FaultsApi::clear() {
  faults_.clear();
  hooks_.cleared();
}

http::Response FaultsApi::faults(const http::Request& request) {
  if (request.method == "GET") return listed();
  if (request.method == "DELETE") {
    clear();
    return listed();
  }
  if (request.method != "POST") return http::problem(405, "faults are asked for by GET, POST and DELETE");
  auto document = bodyOf(request);
  bool replace = false;
  if (document.is_object() && !document.contains("kind") && document.contains("replace")) {
    if (!document["replace"].is_boolean()) throw Error(ErrorCode::usage, "\"replace\" is true or false");
    replace = document["replace"].get<bool>();
    document.erase("replace");
  }
  auto made = faultsFrom(document, sources_);
  check(made);
  if (replace) clear();
  faults_.add(std::move(made));
  return listed();
}

http::Response FaultsApi::resources(const http::Request& request) {
  if (request.method != "POST") return http::problem(405, "resources are edited and deleted by POST");
  const auto body = bodyOf(request);
  for (const auto& [name, value] : body.items()) {
    static constexpr std::string_view known[] = {"type", "identifier", "account", "region", "set", "delete"};
    if (std::ranges::find(known, name) == std::end(known))
      throw Error(ErrorCode::usage, "there is no member \"" + name + "\"")
          .next("They are: type, identifier, account, region, and set or delete.");
  }
  if (!body.is_object()) throw Error(ErrorCode::usage, "the body is no JSON object");
  const cloudcontrol::ResourceKey key{
      {stringAt(body, "account", usual_.account), stringAt(body, "region", usual_.region)},
      stringAt(body, "type"),
      stringAt(body, "identifier")};
  const bool remove = body.contains("delete") && body["delete"] == true;
  const bool edit = body.contains("set") && body["set"].is_object();
  if (key.type.empty() || key.identifier.empty() || remove == edit)
    throw Error(ErrorCode::usage, "the body does not say what to do with which resource")
        .next(
            R"(Say {"type": …, "identifier": …} with "set": {…} to edit it or "delete": true to delete it.)");
  if (remove)
    console_.remove(key);
  else
    console_.edit(key, body["set"]);
  return json({{"type", key.type}, {"identifier", key.identifier}, {"did", remove ? "delete" : "edit"}});
}

}  // namespace athanor::local
