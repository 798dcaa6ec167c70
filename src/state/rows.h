#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "state/database.h"
#include "state/seal.h"
#include "state/store.h"

namespace athanor::state {

/// The columns that hold a Resource, in both tables: part of a literal (Query keeps statements by their
/// text).
#define RESOURCE_COLUMNS                                                                          \
  "id, generation, type, identifier, partition, account, region, endpoint, options, depends_on, " \
  "file, line, col, status, props, resolved, outputs, secrets, sealed_at"
/// How many those are.
inline constexpr int resourceColumns = 19;

/// Binds a Resource as RESOURCE_COLUMNS. What `sealedAt` names is sealed; else `sealer` is not
/// used.
void bind(Query& query, const Resource& resource, const std::vector<std::string>& sealedAt, Sealer& sealer);
/// Reads RESOURCE_COLUMNS, all but `sealed_at`, from the column `first` on. Sealed values are opened where
/// `sealer` is given.
Resource resourceAt(const Query& query, int first, Sealer* sealer);
/// The pointers in a column.
std::vector<std::string> pointersFrom(std::string_view column);

const char* name(Entry::Operation operation);
Entry::Operation operationFrom(std::string_view name);

/// Time points as nanoseconds since 1970.
std::int64_t toNanoseconds(std::chrono::system_clock::time_point time);
std::chrono::system_clock::time_point fromNanoseconds(std::int64_t count);

}  // namespace athanor::state
