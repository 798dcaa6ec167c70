#include "state/rows.h"

#include "state/secrets.h"

namespace athanor::state {

ResourceRow toRow(const Resource& resource, const std::vector<std::string>& secrets, Sealer& sealer) {
  const auto sealed = [&](const Json& tree) {
    if (secrets.empty()) return tree.dump();
    Json copy = tree;
    sealAt(copy, secrets, sealer);
    return copy.dump();
  };
  Resource record = resource;
  record.props = record.resolved = record.outputs = Json();
  ResourceRow row;
  row.record = toJson(record).dump();
  row.props = sealed(resource.props);
  if (resource.resolved != resource.props) row.resolved = sealed(resource.resolved);
  row.outputs = sealed(resource.outputs);
  row.secrets = Json(secrets).dump();
  return row;
}

void bind(Query& query, const ResourceRow& row) {
  query.bind(row.record).bind(row.props);
  if (row.resolved.empty())
    query.bindNull();
  else
    query.bind(row.resolved);
  query.bind(row.outputs).bind(row.secrets);
}

Resource resourceAt(const Query& query, int first, Sealer* sealer) {
  const auto tree = [&](int column) {
    const auto text = query.bytes(column);
    auto value = Json::parse(text);
    if (sealer != nullptr && maySealed(text)) openAll(value, *sealer);
    return value;
  };
  auto resource = resourceFrom(Json::parse(query.bytes(first)));
  resource.props = tree(first + 1);
  resource.resolved = query.null(first + 2) ? resource.props : tree(first + 2);
  resource.outputs = tree(first + 3);
  return resource;
}

std::vector<std::string> secretsFrom(std::string_view column) {
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
