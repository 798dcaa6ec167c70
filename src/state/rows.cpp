#include "state/rows.h"

#include "state/secrets.h"

namespace athanor::state {

void bind(Query& query, const Resource& resource, const std::vector<std::string>& sealedAt, Sealer& sealer) {
  const auto sealed = [&](const Json& tree) {
    if (sealedAt.empty()) return tree.dump();
    Json copy = tree;
    sealAt(copy, sealedAt, sealer);
    return copy.dump();
  };
  const auto& [partition, account, region, endpoint] = resource.target;
  query.bind(resource.id).bind(resource.generation).bind(resource.type).bind(resource.identifier);
  query.bind(partition).bind(account).bind(region).bind(endpoint);
  query.bind(toJson(resource.options).dump()).bind(Json(resource.dependsOn).dump());
  query.bind(resource.source.file).bind(resource.source.line).bind(resource.source.column);
  query.bind(name(resource.status)).bind(sealed(resource.props));
  if (resource.sentAsDeclared())
    query.bindNull();
  else
    query.bind(sealed(resource.resolved()));
  query.bind(sealed(resource.outputs)).bind(Json(resource.secrets).dump()).bind(Json(sealedAt).dump());
}

Resource resourceAt(const Query& query, int first, Sealer* sealer) {
  const auto tree = [&](int column) {
    const auto text = query.bytes(column);
    auto value = Json::parse(text);
    if (sealer != nullptr && maySealed(text)) openAll(value, *sealer);
    return value;
  };
  int column = first;
  Resource resource;
  resource.id = query.text(column++);
  resource.generation = query.integer(column++);
  resource.type = query.text(column++);
  resource.identifier = query.text(column++);
  for (auto* part : {&resource.target.partition, &resource.target.account, &resource.target.region,
                     &resource.target.endpoint})
    *part = query.text(column++);
  resource.options = optionsFrom(Json::parse(query.bytes(column++)));
  resource.dependsOn = Json::parse(query.bytes(column++)).get<std::vector<std::string>>();
  resource.source.file = query.text(column++);
  resource.source.line = static_cast<int>(query.integer(column++));
  resource.source.column = static_cast<int>(query.integer(column++));
  resource.status = statusFrom(query.bytes(column++));
  resource.props = tree(column++);
  if (!query.null(column)) resource.setProps(std::move(resource.props), tree(column));
  resource.outputs = tree(++column);
  resource.secrets = pointersFrom(query.bytes(++column));
  return resource;
}

std::vector<std::string> pointersFrom(std::string_view column) {
  return Json::parse(column).get<std::vector<std::string>>();
}

const char* name(Entry::Operation operation) {
  switch (operation) {
    case Entry::Operation::create:
      return "create";
    case Entry::Operation::update:
      return "update";
    case Entry::Operation::remove:
      return "remove";
  }
  return "create";
}

Entry::Operation operationFrom(std::string_view name) {
  if (name == "create") return Entry::Operation::create;
  if (name == "update") return Entry::Operation::update;
  if (name == "remove") return Entry::Operation::remove;
  throw Error(ErrorCode::state, "the journal holds the unknown operation \"" + std::string(name) + "\"");
}

std::int64_t toNanoseconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

std::chrono::system_clock::time_point fromNanoseconds(std::int64_t count) {
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(std::chrono::nanoseconds(count)));
}

}  // namespace athanor::state
