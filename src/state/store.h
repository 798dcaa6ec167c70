#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/resource.h"
#include "state/history.h"

namespace athanor::state {

/// Which copy of which program.
struct Scope {
  std::string app;
  std::string stage;
  bool operator==(const Scope&) const = default;
};

/// What is known of a scope as a whole.
struct ScopeInfo {
  Scope scope;
  std::string program;  ///< path of the program last deployed
  Target target;
  std::size_t resources = 0;
  std::chrono::system_clock::time_point updatedAt;
};

/// One operation that was about to be asked of a provider (the journal). `id`, `generation`, `type` and
/// `target` are those of `intended`.
struct Entry {
  enum class Operation : std::uint8_t { create, update, remove };

  std::int64_t sequence = 0;  ///< given by the store
  std::string id;
  std::int64_t generation = 1;
  int attempt = 1;
  Operation operation = Operation::create;
  std::string type;
  std::string identifier;  ///< "" until known
  Target target;
  std::string clientToken;
  std::string body;          ///< the exact request; sealed at rest
  bool bodySealed = false;   ///< set by reading: the body is there but cannot be opened, so `body` is empty
  std::string requestToken;  ///< "" until the answer came
  std::chrono::system_clock::time_point begunAt;
  Resource intended;  ///< what the state holds once it succeeds (outputs still empty); for remove: what goes
  std::vector<std::string> secrets;  ///< of `intended`, as in Put
};

/// Writes to one scope; a span of them is committed in one durable transaction, or not at all.
struct Begin {
  Entry* entry;
};  ///< opens an entry; fills its sequence once it is committed
struct Accept {
  std::int64_t sequence;
  std::string requestToken, identifier;
};
struct Close {
  std::int64_t sequence;
};  ///< the entry is over
/// Inserts or replaces id + generation. `secrets` are JSON pointers in AWS's casing ("/Users/*/Password"; "*"
/// is every item or key) of the properties that are sealed at rest, as the resource's own secrets are,
/// wherever they stand in props, resolved and outputs; one that names nothing is no error. What was sealed in
/// a row stays sealed when the row is put again without naming it. A value that is still sealed (read without
/// the key) is kept as it is.
struct Put {
  Resource resource;
  std::vector<std::string> secrets = {};  // NOLINT(readability-redundant-member-init): so that Put{r} will do
};
struct Drop {
  std::string id;
  std::int64_t generation;
};
struct Note {
  std::string program;
  Target target;
};  ///< what the scope as a whole says
/// Puts a run into the history, or, where it has a number, how it ended; fills its number once it is
/// committed.
struct Log {
  Run* run;
};
/// Adds to what is known of how long steps take at an endpoint (Target::endpoint).
struct Learn {
  std::string endpoint;
  std::vector<Timing> timings;
};
using Write = std::variant<Begin, Accept, Close, Put, Drop, Note, Log, Learn>;

/// Whether reading opens sealed values.
enum class Secrets : std::uint8_t {
  open,    ///< where the key is at hand; else they stay {"$athanor.sealed": "…"}. Another key is an
           ///< Error(state)
  sealed,  ///< never; the key is not even looked for
};

/// Exclusive use of one scope; it ends with the object, or with the process that holds it. It may outlive its
/// Store. Like the Store it belongs to one thread at a time.
class Lock {
 public:
  virtual ~Lock() = default;
  /// Throws Error(conflict) when the lock is no longer held (the fencing counter moved on), Error(state) when
  /// it could not be written; then nothing of it was. Accept and Close of an entry that is not open are an
  /// Error(internal); Drop of what is not there is none.
  virtual void commit(std::span<const Write> writes) = 0;
};

/// Where state is kept. Every method throws Error(state) that names the file or server and what to do.
class Store {
 public:
  virtual ~Store() = default;
  /// Throws Error(conflict) that names the holder (process, host, since when, command) when another has it.
  virtual std::unique_ptr<Lock> lock(const Scope& scope, const std::string& command) = 0;
  /// Every scope that anything was ever committed to, also when nothing is left in it; by app, then stage.
  virtual std::vector<ScopeInfo> scopes() = 0;
  virtual std::optional<ScopeInfo> info(const Scope& scope) = 0;
  /// In the order in which they were first put.
  virtual std::vector<Resource> resources(const Scope& scope, Secrets secrets = Secrets::open) = 0;
  /// Entries that are still open, in the order they were begun.
  virtual std::vector<Entry> journal(const Scope& scope, Secrets secrets = Secrets::open) = 0;
  /// The scope's history, newest first, `limit` runs at most.
  virtual std::vector<Run> runs(const Scope& scope, std::size_t limit) = 0;
  /// What all scopes have learned of how long steps take at an endpoint.
  virtual Timings timings(const std::string& endpoint) = 0;
  /// Names it in messages: the file's path, or the server.
  virtual std::string location() const = 0;
};

}  // namespace athanor::state
