#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace athanor::state {

/// The SQLite file of a state: opened with checks, in words a user understands when it fails.
class Database {
 public:
  /// None where there is no such file. Throws Error(state) for one that is damaged, newer, no state, or
  /// cannot be read; such a file is left as it is.
  static std::unique_ptr<Database> open(const std::filesystem::path& path);
  /// Opens the file, made first where there is none: complete or not at all.
  static std::unique_ptr<Database> openOrCreate(const std::filesystem::path& path);

  /// Runs `work`; what SQLite throws in it becomes an Error(state) that names the file.
  template <typename Work>
  auto guarded(const Work& work) {
    try {
      return work();
    } catch (const std::exception& failure) {
      throwTranslated(failure);
    }
  }
  /// Runs `work` in one durable transaction: all of it or nothing. Guarded.
  void transaction(const std::function<void()>& work);
  /// Throws Error(state) where the file was deleted or replaced since it was opened: what is written now
  /// would be lost.
  void expectInPlace() const;

 private:
  friend class Query;
  Database(const std::filesystem::path& path, const std::string& name, int flags);
  void check();
  [[noreturn]] void throwTranslated(const std::exception& failure) const;

  std::filesystem::path path_;
  std::uint64_t device_ = 0, inode_ = 0;
  SQLite::Database sqlite_;
  std::map<const char*, SQLite::Statement> statements_;  ///< by their text, all of them literals
};

/// One run of a prepared statement; it is reset with the object, so that no read outlives its use.
class Query {
 public:
  /// `sql` is a literal: it is compiled once for each Database.
  Query(Database& database, const char* sql);
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  /// Binds the next parameter.
  Query& bind(std::int64_t value);
  Query& bind(const std::string& text);
  Query& bindBlob(const std::string& bytes);
  Query& bindNull();

  /// True where there is a (next) row.
  bool step();
  /// Runs a statement that gives no rows; the number of rows it changed.
  int run();
  std::int64_t integer(int column) const;
  /// Text or blob; "" where it is NULL. Valid until the next step.
  std::string_view bytes(int column) const;
  std::string text(int column) const { return std::string(bytes(column)); }
  bool null(int column) const;

 private:
  SQLite::Statement& statement_;
  int parameters_ = 0;
};

}  // namespace athanor::state
