#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "local/sources.h"

namespace athanor::local::cloudcontrol {

/// The one file that everything is kept in. What happens between begin() and commit() becomes durable
/// together; an answer that rests on it must not leave before. It runs in WAL mode with synchronous=NORMAL:
/// a commit is with the operating system before it returns, so that nothing answered is lost when the process
/// is killed; a machine that loses power may lose the last moments, but never consistency. The file is held
/// exclusively, for its folder has one server at a time: no transaction has to ask the system for locks.
class Database {
 public:
  /// Opens or creates; ":memory:" for one that is gone with this object. Throws Error(state) where the file
  /// is damaged, newer than this program, or cannot be written.
  explicit Database(const std::filesystem::path& file);

  /// Opens a batch, or joins the open one.
  void begin();
  /// Makes the open batch durable; throws where that failed, and then nothing of the batch has happened.
  void commit();
  void rollback() noexcept;
  bool open() const { return open_; }

  /// The id of this AWS: made when first asked for.
  std::string id(const Sources& sources);

  SQLite::Database& sqlite() { return sqlite_; }

 private:
  SQLite::Database sqlite_;
  friend class Attempt;
  SQLite::Statement begin_, commit_, rollback_, attempt_, keep_, undo_;
  bool open_ = false;
};

/// A part of a batch that happens whole or not at all: undone unless kept.
class Attempt {
 public:
  explicit Attempt(Database& database);
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  void keep();

 private:
  Database& database_;
  bool kept_ = false;
};

/// One use of a prepared statement; leaves it ready for the next.
class Use {
 public:
  explicit Use(SQLite::Statement& statement) : statement_(statement) {}
  ~Use() { statement_.tryReset(); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  SQLite::Statement* operator->() { return &statement_; }
  SQLite::Statement& operator*() { return statement_; }

 private:
  SQLite::Statement& statement_;
};

std::int64_t milliseconds(Time time);
Time fromMilliseconds(std::int64_t since);

}  // namespace athanor::local::cloudcontrol
